"""What is stored, written into files: OCEL 2.0 in JSON, XML and SQLite, XES, CloudEvents as JSON Lines.

    report = export_log(store, path, Format.OCEL_JSON, Choice())

Only asks the store. What is exported as OCEL and imported into an empty store is the same there, row for row, and
exported again the same file, byte for byte: no time of writing, one order, one spelling. XES shows lifecycles and does
not lead back.
"""

from collector.exports.choice import Choice
from collector.exports.export import ExportReport, Format, export_log

__all__ = ["Choice", "ExportReport", "Format", "export_log"]
