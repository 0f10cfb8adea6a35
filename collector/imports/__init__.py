"""Files from outside, read into raw records and put through the same journal as everything else.

    report = import_log(open_log(path), intake.events, clock, source="order-management", on_progress=print)

Ids are the file's own, so that importing it again changes nothing.
"""

from collector.imports.ocel import open_log
from collector.imports.write import ImportReport, Progress, import_log

__all__ = ["ImportReport", "Progress", "import_log", "open_log"]
