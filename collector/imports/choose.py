"""Which reader a file needs: told by what is in it, not by its name. Only a CSV file cannot say it, and needs a map."""

from datetime import UTC, tzinfo
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict

from billtrail.errors import PayloadError, SettingsError
from collector.imports.csv_table import CsvLog, read_map
from collector.imports.file import read_start
from collector.imports.json_lines import LinesLog
from collector.imports.json_stream import Opened, read_sections
from collector.imports.ocel1_json import Json1Log
from collector.imports.ocel_json import JsonLog
from collector.imports.ocel_sqlite import SqliteLog
from collector.imports.ocel_xml import XmlLog
from collector.imports.record import Log
from collector.imports.xes import XesLog
from collector.imports.xml_stream import read_root

EXPECTED = (
    "expected an OCEL 2.0 log in JSON, XML or SQLite, OCEL 1.0 in JSON, XES, CloudEvents as JSON Lines, "
    "or CSV with --map"
)
_SQLITE = b"SQLite format 3"
_OCEL_XML = {"object-types", "event-types", "objects", "events"}


class Manner(BaseModel):
    """How a file is to be read, where it does not say so itself. `map` is for CSV, `zone` for instants without one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    map: str = ""
    object_type: str = "case"
    delimiter: str = ""
    time_format: str = ""
    zone: str = "UTC"

    def find_zone(self) -> tzinfo:
        """Raises SettingsError for a zone nobody knows."""
        try:
            return UTC if self.zone == "UTC" else ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise SettingsError(f"--zone: unknown time zone {self.zone!r}", hint="such as Europe/Berlin") from error


def open_log(path: Path, manner: Manner | None = None) -> Log:
    """Open a log. Raises PayloadError when it is none that can be read, SettingsError for a word that is wrong."""
    manner = manner or Manner()
    zone = manner.find_zone()
    start = read_start(path, 4096)
    if manner.map:
        return CsvLog(path, zone, read_map(manner.map), manner.object_type,
                      delimiter=manner.delimiter, time_format=manner.time_format)  # fmt: skip
    if start.startswith(_SQLITE):
        return SqliteLog(path, zone)
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        return _open_xml(path, zone, manner.object_type)
    if text.startswith(b"{"):
        return _open_json(path, text, zone)
    if not text:
        raise PayloadError(f"{path}: it is empty; {EXPECTED}")
    hint = "for CSV say what the columns mean: --map case=…,activity=…,time=…" if b"," in text or b";" in text else ""
    raise PayloadError(f"{path}: {EXPECTED}", hint=hint)


def _open_json(path: Path, start: bytes, zone: tzinfo) -> Log:
    # The first line of a document ends before the document does; a line of JSON Lines is whole.
    if b'"specversion"' in start:
        return LinesLog(path)
    opened = next((one for one in read_sections(path) if isinstance(one, Opened)), None)
    if opened and opened.section.startswith("ocel:"):
        return Json1Log(path, zone)
    return JsonLog(path, zone)


def _open_xml(path: Path, zone: tzinfo, case_type: str) -> Log:
    root, first = [*islice(read_root(path), 2), "", ""][:2]
    if root == "log" and first in _OCEL_XML:
        return XmlLog(path, zone)
    if root == "log" and first:
        return XesLog(path, zone, case_type)
    raise PayloadError(f"{path}: {EXPECTED}")
