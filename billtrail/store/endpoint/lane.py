"""One question to the embedded engine, on a handle of its own that can do nothing but read.

A handle costs about a millisecond. Its settings are applied, then `readonly = 1` shuts the door behind them; nothing
is shared between two requests. Blocking: runs in a thread.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chdb

from billtrail.store.binding import quote_text
from billtrail.store.endpoint.allowed import is_changeable
from billtrail.store.endpoint.refusal import (
    CANNOT_PARSE_NUMBER,
    READONLY,
    SYNTAX_ERROR,
    UNKNOWN_SETTING,
    QueryRefused,
    from_engine,
)
from billtrail.store.endpoint.settings import ReadSettings
from billtrail.store.endpoint.statement import Statement, read_statement_text

CHUNK_BYTES = 1 << 20
_PLAIN_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
# Formats whose blocks may be put end to end: sent while the query runs. The others are whole only when it is done.
STREAMED_FORMATS = frozenset({"Native", "TabSeparated", "TSV", "CSV", "RowBinary", "JSONEachRow", "JSONLines"})


@dataclass(frozen=True, slots=True)
class Question:
    """A query as it was asked. `settings` and `params` are still what the client sent."""

    query: str
    database: str
    default_format: str
    settings: Mapping[str, str]
    params: Mapping[str, str]


@dataclass(slots=True)
class Answer:
    """An answer under way. `chunks` ends or raises QueryRefused; `close` must be called, and may be called twice."""

    output_format: str
    chunks: Iterator[bytes]
    summary: dict[str, str]
    _held: tuple[Any, ...]

    def close(self) -> None:
        """End the query, done or not, and give the handle back."""
        for held in self._held:
            held.close()


class Lanes:
    """Opens a reading handle per question on the engine of this process."""

    def __init__(self, path: Path, database: str, limits: ReadSettings, *, cores: int) -> None:
        self._path = str(path.absolute())
        self._database = database
        self._limits = limits
        self._cores = cores
        self._sources: frozenset[str] | None = None

    def ask(self, question: Question) -> Answer:
        """Start a query and wait for its first block, so that most failures come before the first byte."""
        handle = chdb.connect(self._path)
        try:
            self._prepare(handle, question)
            statement = read_statement_text(handle, question.query, question.params, self._source_names(handle))
            return _start(handle, statement, question)
        except RuntimeError as error:
            handle.close()
            raise from_engine(error) from error
        except BaseException:
            handle.close()
            raise

    def _prepare(self, handle: Any, question: Question) -> None:
        if len(question.query) > self._limits.max_query_kb * 1024:
            raise QueryRefused(SYNTAX_ERROR, f"Query is longer than {self._limits.max_query_kb} KiB")
        database = (question.database or self._database).replace("\\", "\\\\").replace("`", "\\`")
        handle.query(f"USE `{database}`")
        changes = {**self._defaults(), **self._accepted(question.settings)}
        handle.query("SET " + ", ".join(f"{name} = {quote_text(value)}" for name, value in changes.items()))
        handle.query("SET readonly = 1")

    def _defaults(self) -> dict[str, str]:
        return {name: str(limit) for name, limit in self._ceilings().items()}

    def _ceilings(self) -> dict[str, float]:
        return {
            "max_execution_time": self._limits.max_execution_s,
            "max_memory_usage": self._limits.max_memory_mb << 20,
            "max_threads": self._cores,
        }

    def _accepted(self, settings: Mapping[str, str]) -> dict[str, str]:
        ceilings = self._ceilings()
        accepted = {}
        for name, value in settings.items():
            if not is_changeable(name):
                raise QueryRefused(*_why_not(name))
            accepted[name] = _capped(name, value, ceilings[name]) if name in ceilings else value
        return accepted

    def _source_names(self, handle: Any) -> frozenset[str]:
        if self._sources is None:
            names = handle.query("SELECT lower(name) FROM system.table_functions", "TSVRaw").bytes().decode()
            self._sources = frozenset(names.split())
        return self._sources


def _start(handle: Any, statement: Statement, question: Question) -> Answer:
    output_format = statement.output_format or question.default_format
    params = dict(question.params)
    if not statement.is_select or output_format not in STREAMED_FORMATS:
        result = handle.query(statement.text, output_format, params=params)
        return Answer(output_format, _slices(result), _summary(result), (handle,))
    stream = handle.send_query(statement.text, output_format, params=params)
    first = stream.fetch()
    summary = _summary(first) if first is not None else {}
    return Answer(output_format, _blocks(first, stream), summary, (stream, handle))


def _slices(result: Any) -> Iterator[bytes]:
    whole = result.get_memview().view() if result.size() else memoryview(b"")
    for start in range(0, len(whole), CHUNK_BYTES):
        yield bytes(whole[start : start + CHUNK_BYTES])


def _blocks(first: Any, stream: Any) -> Iterator[bytes]:
    block = first
    try:
        while block is not None:
            yield from _slices(block)
            block = stream.fetch()
    except RuntimeError as error:
        raise from_engine(error) from error


def _summary(result: Any) -> dict[str, str]:
    figures = {
        "read_rows": result.storage_rows_read(),
        "read_bytes": result.storage_bytes_read(),
        "written_rows": 0,
        "written_bytes": 0,
        "total_rows_to_read": 0,
        "result_rows": result.rows_read(),
        "result_bytes": result.size(),
        "elapsed_ns": int(result.elapsed() * 1e9),
    }
    return {name: str(figure) for name, figure in figures.items()}


def _why_not(name: str) -> tuple[int, str]:
    if not name.replace("_", "").isalnum():
        return UNKNOWN_SETTING, f"Unknown setting {name[:60]!r}"
    return READONLY, f"Cannot modify '{name}' setting in readonly mode"


def _capped(name: str, value: str, ceiling: float) -> str:
    """Keep a limit at or under its ceiling; 0 asks for none and gets the ceiling.

    Only plain numbers: the engine also reads `100G` and the like, and what is not understood here cannot be held down.
    """
    if not _PLAIN_NUMBER.fullmatch(value):
        raise QueryRefused(CANNOT_PARSE_NUMBER, f"Setting '{name}' takes a plain number here, got {value[:60]!r}")
    return value if 0 < float(value) <= ceiling else f"{ceiling:g}" if ceiling < 1e6 else str(int(ceiling))
