"""The ASGI app: doors, lanes, headers. Runs wherever an ASGI server runs it, beside the process's other work.

At most `max_parallel` questions run at once; the rest wait their turn and are told 503 when it does not come. Without a
token only loopback names are answered to, so that a web page cannot reach the data by renaming this machine.
"""

import asyncio
import hmac
import json
import os
import secrets
import socket
import uuid
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import chdb
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from billtrail.listening import check_listening, is_loopback
from billtrail.store.endpoint.lane import Answer, Lanes
from billtrail.store.endpoint.refusal import (
    AUTHENTICATION_FAILED,
    REQUIRED_PASSWORD,
    TOO_MANY_QUERIES,
    QueryRefused,
)
from billtrail.store.endpoint.request import credentials_of, read_question
from billtrail.store.endpoint.settings import ReadSettings

CONTENT_TYPES = (
    ("JSONEachRow", "application/x-ndjson; charset=UTF-8"),
    ("JSON", "application/json; charset=UTF-8"),
    ("CSV", "text/csv; charset=UTF-8"),
    ("TabSeparated", "text/tab-separated-values; charset=UTF-8"),
    ("TSV", "text/tab-separated-values; charset=UTF-8"),
    ("XML", "application/xml; charset=UTF-8"),
    ("Native", "application/octet-stream"),
    ("RowBinary", "application/octet-stream"),
    ("Parquet", "application/octet-stream"),
    ("Arrow", "application/octet-stream"),
)


def build_read_app(data_path: Path, database: str, settings: ReadSettings) -> Starlette:
    """Build the endpoint over the engine at `data_path`, the very path this process opened it with.

    Raises SettingsError when the address is reachable from outside and no token is set.
    """
    check_listening("read.host", settings.host, has_token=bool(settings.token.get_secret_value()))
    door = _QueryDoor(Lanes(data_path, database, settings, cores=os.cpu_count() or 1), settings)
    return Starlette(
        routes=[
            Route("/", door, methods=["GET", "POST"]),
            Route("/ping", _ok, methods=["GET"]),
            Route("/replicas_status", _ok, methods=["GET"]),
        ]
    )


async def _ok(request: Request) -> Response:
    return PlainTextResponse("Ok.\n")


class _QueryDoor:
    """Answers `/`: the greeting when nothing is asked, else the query."""

    def __init__(self, lanes: Lanes, settings: ReadSettings) -> None:
        self._lanes = lanes
        self._settings = settings
        self._token = settings.token.get_secret_value()
        self._turns = asyncio.Semaphore(settings.max_parallel)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        headers = _headers(request)
        if request.method in ("GET", "HEAD") and not request.query_params:
            await PlainTextResponse("Ok.\n", headers=headers)(scope, receive, send)
            return
        try:
            self._check_caller(request)
            question = await read_question(request, self._settings.max_query_kb * 1024)
            async with self._turn():
                answer = await run_in_threadpool(self._lanes.ask, question)
                try:
                    await _send_answer(answer, request, send, headers)
                finally:
                    await run_in_threadpool(answer.close)
        except QueryRefused as refused:
            await _refusal(refused, headers)(scope, receive, send)

    def _check_caller(self, request: Request) -> None:
        if not self._token:
            if not is_loopback(request.url.hostname or ""):
                raise QueryRefused(
                    AUTHENTICATION_FAILED, "without a token only localhost and 127.0.0.1 are answered to"
                )
            return
        offered = credentials_of(request)
        if not offered:
            raise QueryRefused(REQUIRED_PASSWORD, "a token is required: send it as the password or as a bearer token")
        if not any(hmac.compare_digest(secret.encode(), self._token.encode()) for secret in offered):
            raise QueryRefused(AUTHENTICATION_FAILED, "the token is not the configured one")

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        try:
            await asyncio.wait_for(self._turns.acquire(), self._settings.max_wait_s)
        except TimeoutError as error:
            raise QueryRefused(
                TOO_MANY_QUERIES, f"{self._settings.max_parallel} queries are running; none ended in time"
            ) from error
        try:
            yield
        finally:
            self._turns.release()


async def _send_answer(answer: Answer, request: Request, send: Send, headers: dict[str, str]) -> None:
    """Send the body block by block. A failure on the way is written into the body as ClickHouse writes it."""
    tag = secrets.token_hex(8)
    content_type = next((kind for name, kind in CONTENT_TYPES if answer.output_format.startswith(name)), "text/plain")
    headers |= {"content-type": content_type, "X-ClickHouse-Format": answer.output_format}
    headers |= {"X-ClickHouse-Summary": json.dumps(answer.summary), "X-ClickHouse-Exception-Tag": tag}
    packer = zlib.compressobj(level=1, wbits=31) if _wants_gzip(request) else None
    if packer:
        headers |= {"content-encoding": "gzip", "vary": "Accept-Encoding"}
    await send({"type": "http.response.start", "status": 200, "headers": _encoded(headers)})
    gone = asyncio.create_task(_client_gone(request))
    try:
        while not gone.done() and (block := await run_in_threadpool(_next_block, answer, tag)) is not None:
            body = await run_in_threadpool(packer.compress, block) if packer else block
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": packer.flush() if packer else b"", "more_body": False})
    finally:
        gone.cancel()


def _next_block(answer: Answer, tag: str) -> bytes | None:
    try:
        return next(answer.chunks, None)
    except QueryRefused as refused:
        text = refused.text.encode()
        frame = (b"__exception__", tag.encode(), text, f"{len(text)} {tag}".encode(), b"__exception__", b"")
        return b"\r\n" + b"\r\n".join(frame)


async def _client_gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _wants_gzip(request: Request) -> bool:
    """As in ClickHouse, an answer is compressed only where the query says so, too."""
    asked = request.query_params.get("enable_http_compression", "0") in ("1", "true")
    return asked and "gzip" in request.headers.get("accept-encoding", "")


def _headers(request: Request) -> dict[str, str]:
    return {
        "X-ClickHouse-Server-Display-Name": socket.gethostname(),
        "X-ClickHouse-Query-Id": request.query_params.get("query_id") or str(uuid.uuid4()),
        "X-ClickHouse-Timezone": "UTC",
        "cache-control": "no-store",
    }


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers.items()]


def _refusal(refused: QueryRefused, headers: dict[str, str]) -> Response:
    text = refused.text if "(version " in refused.text else f"{refused.text} (version {chdb.engine_version})"
    headers = {**headers, "X-ClickHouse-Exception-Code": str(refused.code)}
    if refused.code == REQUIRED_PASSWORD:
        headers["WWW-Authenticate"] = 'Basic realm="Billtrail read endpoint"'
    return PlainTextResponse(text + "\n", status_code=refused.status, headers=headers)
