"""A ClickHouse server for tests: a real engine with its own data behind ClickHouse's HTTP protocol, in its own process.

Writable, unlike the read endpoint. What the embedded engine cannot take as a request body it is given as a file: the
rows of an insert by `FROM INFILE`, `input(…)` of an insert by `file(…)`.
"""

import contextlib
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import chdb
import lz4.frame
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billtrail.store.binding import quote_text
from billtrail.store.endpoint.allowed import TRANSPORT_NAMES
from billtrail.store.endpoint.refusal import from_engine

ROOT = Path(__file__).parents[2]
_INSERT = re.compile(rb"\s*INSERT\s+INTO\s.*?\bFORMAT\s+(\w+)[ \t]*(?:\n|$)", re.IGNORECASE | re.DOTALL)
_FORMAT = re.compile(r"\s+FORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)
_INPUT = re.compile(r"\binput\(\s*('(?:[^'\\]|\\.)*')\s*\)", re.IGNORECASE)
_UNPACK = {"gzip": gzip.decompress, "lz4": lz4.frame.decompress}


@contextlib.contextmanager
def clickhouse_server(data: Path, port: int = 0) -> Iterator[str]:
    """Run a server over the engine at `data` and answer its address. It goes away at once, whatever it is doing."""
    command = [sys.executable, "-m", "tests.support.clickhouse_http", str(data), str(port)]
    data.mkdir(parents=True, exist_ok=True)
    paths = {**os.environ, "PYTHONPATH": str(ROOT)}
    # The engine keeps protobuf schemas given as text in its working directory.
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=data, env=paths) as process:
        try:
            assert process.stdout is not None
            if not (line := process.stdout.readline()):
                raise RuntimeError("the ClickHouse server of the tests did not start")
            yield line.strip()
        finally:
            process.kill()


class _Server:
    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._keeper = chdb.connect(self._path)  # keeps the engine open between two requests
        self._sessions: dict[str, tuple[Any, threading.Lock]] = {}

    async def answer(self, request: Request) -> Response:
        values = dict(request.query_params)
        headers = request.headers
        if headers.get("content-type", "").startswith("multipart/form-data"):
            values.update({name: str(value) for name, value in (await request.form()).items()})
            body = b""
        else:
            body = await request.body()
        body = _UNPACK.get(headers.get("content-encoding", ""), bytes)(body)
        try:
            return await run_in_threadpool(self._run, values, body)
        except RuntimeError as error:
            refused = from_engine(error)
            code = {"X-ClickHouse-Exception-Code": str(refused.code)}
            return Response(refused.text, refused.status, headers=code)

    def _run(self, values: Mapping[str, str], body: bytes) -> Response:
        with self._session(values) as handle, tempfile.NamedTemporaryFile() as rows:
            query, data = _parted(values.get("query", ""), body)
            if data:
                rows.write(data)
                rows.flush()
                query = _reading_from(query, rows.name)
            match = None if data else _FORMAT.search(query)
            output_format = match.group(1) if match else values.get("default_format", "TabSeparated")
            params = {name[6:]: value for name, value in values.items() if name.startswith("param_")}
            result = handle.query(_FORMAT.sub("", query) if match else query, output_format, params=params)
            return Response(result.bytes(), headers=_headers(result, output_format))

    @contextlib.contextmanager
    def _session(self, values: Mapping[str, str]) -> Iterator[Any]:
        """Answer the handle of a session, where temporary tables live, or one for this request alone."""
        if name := values.get("session_id"):
            if name not in self._sessions:
                self._sessions.setdefault(name, (chdb.connect(self._path), threading.Lock()))
            handle, lock = self._sessions[name]
            with lock, _settings(handle, values):
                yield handle
        else:
            with chdb.connect(self._path) as handle, _settings(handle, values):
                yield handle


@contextlib.contextmanager
def _settings(handle: Any, values: Mapping[str, str]) -> Iterator[None]:
    """Put a request's database and settings in force, and its settings out of it again."""
    if database := values.get("database"):
        handle.query(f"USE `{database}`")
    names = [name for name in values if name not in TRANSPORT_NAMES and not name.startswith("param_")]
    for name in names:
        handle.query(f"SET {name} = {quote_text(values[name])}")
    try:
        yield
    finally:
        for name in names:
            handle.query(f"SET {name} = DEFAULT")


def _parted(query: str, body: bytes) -> tuple[str, bytes]:
    """Part the statement from the rows that follow it."""
    if query:
        return query, body
    if (match := _INSERT.match(body)) and body[match.end() :]:
        return body[: match.end()].decode(), body[match.end() :]
    return body.decode(), b""


def _reading_from(query: str, path: str) -> str:
    """Let an insert read its rows from a file."""
    match = _FORMAT.search(query)
    assert match is not None, f"an insert with a body must name its format: {query[:80]}"
    if _INPUT.search(query):
        source = f"file('{path}', '{match.group(1)}', \\1)"
        return _INPUT.sub(lambda found: found.expand(source), _FORMAT.sub("", query))
    return f"{query[: match.start()]} FROM INFILE '{path}' FORMAT {match.group(1)}"


def _headers(result: Any, output_format: str) -> dict[str, str]:
    summary = {"read_rows": str(result.storage_rows_read()), "written_rows": str(result.rows_written())}
    return {"X-ClickHouse-Format": output_format, "X-ClickHouse-Summary": json.dumps(summary)}


class _Announced(uvicorn.Server):
    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        print(f"http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}", flush=True)


if __name__ == "__main__":
    app = Starlette(routes=[Route("/", _Server(Path(sys.argv[1])).answer, methods=["GET", "POST"])])
    _Announced(uvicorn.Config(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="critical", lifespan="off")).run()
