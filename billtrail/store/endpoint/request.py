"""What an HTTP request asks: query, database, format, settings, parameters, and who is asking.

Reads ClickHouse's HTTP interface: the query in `query=`, in the body, or begun in one and continued in the other;
`param_x` for parameters; every other name is a setting; a form carries what is too long for an address.
"""

import base64
import binascii
import zlib
from collections.abc import Mapping

from starlette.requests import Request

from billtrail.store.endpoint.allowed import TRANSPORT_NAMES
from billtrail.store.endpoint.lane import Question
from billtrail.store.endpoint.refusal import SYNTAX_ERROR, QueryRefused

PARAM = "param_"


async def read_question(request: Request, most_bytes: int) -> Question:
    """Read the question of a request. Raises QueryRefused."""
    values = dict(request.query_params)
    body = ""
    # Only multipart is a form: `curl --data` names every body a form, and ClickHouse reads it as the query.
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        values.update(await _form(request, most_bytes))
    else:
        body = await _body(request, most_bytes)
    _refuse_unsupported(values)
    query = "\n".join(part for part in (values.get("query", ""), body) if part.strip())
    return Question(
        query=query,
        database=values.get("database") or request.headers.get("x-clickhouse-database", ""),
        default_format=request.headers.get("x-clickhouse-format") or values.get("default_format") or "TabSeparated",
        settings=_settings(values),
        params={name.removeprefix(PARAM): value for name, value in values.items() if name.startswith(PARAM)},
    )


def credentials_of(request: Request) -> list[str]:
    """List the secrets a request offers, however it offers them; empty when it offers none."""
    offered = [request.query_params.get("password", ""), request.headers.get("x-clickhouse-key", "")]
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        offered.append(rest.strip())
    if scheme.lower() == "basic":
        offered.append(_password(rest))
    return [secret for secret in offered if secret]


def _password(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


async def _form(request: Request, most_bytes: int) -> dict[str, str]:
    """Read a form. The size is checked beforehand, because a form is parsed whole."""
    if int(request.headers.get("content-length") or 0) > most_bytes:
        raise QueryRefused(SYNTAX_ERROR, f"The body is longer than {most_bytes} bytes")
    form = await request.form(max_files=0, max_part_size=most_bytes)
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def _body(request: Request, most_bytes: int) -> str:
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > most_bytes:
            raise QueryRefused(SYNTAX_ERROR, f"The body is longer than {most_bytes} bytes")
    if request.headers.get("content-encoding") in ("gzip", "deflate"):
        raw = bytearray(_inflated(bytes(raw), most_bytes))
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise QueryRefused(SYNTAX_ERROR, "The query is not UTF-8") from error


def _inflated(raw: bytes, most_bytes: int) -> bytes:
    inflater = zlib.decompressobj(wbits=47)
    try:
        text = inflater.decompress(raw, most_bytes)
    except zlib.error as error:
        raise QueryRefused(SYNTAX_ERROR, "The body is not what its Content-Encoding says") from error
    if inflater.unconsumed_tail:
        raise QueryRefused(SYNTAX_ERROR, f"The body is longer than {most_bytes} bytes")
    return text


def _refuse_unsupported(values: Mapping[str, str]) -> None:
    for name in ("compress", "decompress"):
        if values.get(name, "0") not in ("0", "false", ""):
            raise QueryRefused(
                SYNTAX_ERROR,
                f"{name}=1, ClickHouse's own block compression, is not offered: use enable_http_compression=1",
            )


def _settings(values: Mapping[str, str]) -> dict[str, str]:
    """Keep what is a setting. `readonly` is dropped when it asks for what is so anyway."""
    return {
        name: value
        for name, value in values.items()
        if not name.startswith(PARAM)
        and name not in TRANSPORT_NAMES
        and not (name == "readonly" and value in ("1", "2"))
    }
