"""Files from outside, read into raw records and put through the same journal as everything else.

    report = import_log(open_log(path), intake.events, clock, source="order-management", on_progress=print)

Ids are the file's own, so that importing it again changes nothing. A log with a fault is refused as a whole, before
anything of it is written. `convention.py` and `value.py` say how what a log has and an event has not is kept.
"""

from collector.imports.choose import Manner, open_log
from collector.imports.report import ImportReport
from collector.imports.write import Progress, import_log

__all__ = ["ImportReport", "Manner", "Progress", "import_log", "open_log"]
