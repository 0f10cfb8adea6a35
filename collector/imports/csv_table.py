"""A table of events in CSV: columns are named for what they mean, all others become attributes.

    case=order_id,activity=step,time=at,resource=clerk,id=event_no,object.invoice=invoice_no

`case` and each `object.<type>` name objects; `activity` and `time` are what happened and when. Without `id` an event is
the n-th of its case, so that a file that grew at its end can be imported again.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from pathlib import Path

from billtrail.errors import PayloadError, SettingsError
from collector.imports.file import open_file, reading
from collector.imports.index import Counters
from collector.imports.record import Counted, LoggedEvent, LoggedObject, Reference, Schema, Value
from collector.imports.value import read_instant
from collector.imports.xes import RESOURCE_TYPE

NEEDED = ("case", "activity", "time")
KNOWN = (*NEEDED, "resource", "id")
OBJECT = "object."
_DELIMITERS = ",;\t|"


def read_map(text: str) -> dict[str, str]:
    """Read `case=order_id,activity=step,…`. Raises SettingsError that names the word."""
    words: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        word, mark, column = part.partition("=")
        if not mark or not column or not (word in KNOWN or (word.startswith(OBJECT) and word != OBJECT)):
            raise SettingsError(
                f"--map: {part!r}: expected {', '.join(KNOWN)} or object.<type>, then = and a column",
                hint="--map case=order_id,activity=step,time=at",
            )
        words[word] = column
    if missing := [word for word in NEEDED if word not in words]:
        raise SettingsError(f"--map: {', '.join(missing)} missing", hint="--map case=order_id,activity=step,time=at")
    return words


class CsvLog:
    """A table in a file that is read anew each time. `time_format` is strptime's; empty is ISO 8601."""

    format = "csv"

    def __init__(self, path: Path, zone: tzinfo, columns: Mapping[str, str], case_type: str, *,
                 delimiter: str = "", time_format: str = "") -> None:  # fmt: skip
        self.name = path.name.removesuffix(".gz").removesuffix(".csv")
        self.strays = Counted()
        self.attributes: dict[str, Value] = {}
        self.object_types: Schema = {}
        self.event_types: Schema = {}
        self._path, self._zone, self._case_type = path, zone, case_type
        self._columns, self._delimiter, self._time_format = columns, delimiter, time_format

    def objects(self) -> Iterator[LoggedObject]:
        """A table declares no objects: its events name them."""
        return iter(())

    def events(self) -> Iterator[LoggedEvent]:
        mapped = set(self._columns.values())
        counters = Counters()
        try:
            for line, row in self._rows():
                told = {word: row[column].strip() for word, column in self._columns.items()}
                for word in NEEDED:
                    if not told[word]:
                        raise self._fault(
                            line, f"column {self._columns[word]!r}: expected a value ({word}), got nothing"
                        )
                yield LoggedEvent(
                    told.get("id") or f"{told['case']}/{counters.next(told['case'])}",
                    told["activity"],
                    self._read_time(told["time"], line),
                    {name: Value(text) for name, text in row.items() if name not in mapped and text},
                    tuple(self._references(told)),
                )
        finally:
            counters.close()

    def _references(self, told: Mapping[str, str]) -> Iterator[Reference]:
        yield Reference(told["case"], "subject", self._case_type)
        for word, text in told.items():
            if word.startswith(OBJECT) and text:
                yield Reference(text, "", word.removeprefix(OBJECT))
        if told.get("resource"):
            yield Reference(told["resource"], "reference", RESOURCE_TYPE)

    def _read_time(self, text: str, line: int) -> str:
        where = f"{self._path}: line {line}: column {self._columns['time']!r}"
        if not self._time_format:
            try:
                return read_instant(text, where, self._zone)
            except PayloadError as error:
                error.hint = "say how it is written: --time-format '%d.%m.%Y %H:%M'"
                raise
        try:
            return read_instant(datetime.strptime(text, self._time_format).isoformat(), where, self._zone)
        except ValueError as error:
            raise PayloadError(f"{where}: expected {self._time_format!r}, got {text[:40]!r}", where=where) from error

    def _rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        with reading(self._path), open_file(self._path) as file:
            lines = _Lines(file)
            try:
                table = csv.reader(lines, delimiter=self._delimiter or self._guess(lines), strict=True)
                names = next(table, [])
                self._check(names)
                for row in table:
                    if len(row) != len(names) and row:
                        raise self._fault(table.line_num, f"expected {len(names)} columns, got {len(row)}")
                    if row:
                        yield table.line_num, dict(zip(names, row, strict=True))
            except csv.Error as error:
                raise self._fault(lines.number, f"not CSV: {error}") from error
            except UnicodeDecodeError as error:
                raise self._fault(lines.number + 1, f"not UTF-8: {error.reason}") from error

    def _check(self, names: list[str]) -> None:
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise self._fault(1, f"two columns with one name: {', '.join(twice)}")
        for word, column in self._columns.items():
            if column not in names:
                raise self._fault(1, f"no column {column!r} ({word}); there are {', '.join(names)}")

    def _guess(self, lines: "_Lines") -> str:
        return max(_DELIMITERS, key=lines.peek().count)

    def _fault(self, line: int, message: str) -> PayloadError:
        return PayloadError(f"{self._path}: line {line}: {message}", where=f"line {line}")


class _Lines:
    """Lines with their number, the first of which can be looked at beforehand."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._peeked: list[str] = []
        self.number = 0

    def peek(self) -> str:
        self._peeked = self._peeked or [next(self._lines, b"").decode("utf-8-sig")]
        return self._peeked[0]

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.peek() if self.number == 0 else next(self._lines).decode()
        self.number += 1
        if not line:
            raise StopIteration
        return line
