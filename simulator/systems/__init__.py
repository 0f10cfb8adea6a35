"""The systems of the firm: what they keep, how they number it, and what they refuse.

No HTTP and no telemetry here.
"""
