"""The command line: reads words, calls the roof, prints. Decides nothing about contracts."""

from billtrail.cli.entry import main

__all__ = ["main"]
