"""What a running Billtrail process is made of beside its rooms: who owns the data, the rim of a loop, its gauges.

Knows no room. Only the roof (`billtrail.app`, `billtrail.cli`) uses it.
"""
