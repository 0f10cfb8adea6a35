"""A port that rooms and roof serve on: bound at once, let go of at the end, refused with the next step."""

import socket
import time
from collections.abc import Iterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from billtrail.errors import SettingsError
from billtrail.listening import url_of
from billtrail.patience import MAX_HEAD_BYTES
from billtrail.serving import HttpServer


async def _answer(request: Request) -> Response:
    return PlainTextResponse("here" + (await request.body()).decode())


APP = Starlette(routes=[Route("/", _answer, methods=["GET", "POST"])])
CHUNKED = b"POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1"])
def test_any_free_port_is_a_real_one_at_once(host: str) -> None:
    try:
        server = HttpServer("read", APP, host, 0)
    except SettingsError as error:
        pytest.skip(str(error))
    server.start()
    try:
        assert httpx.get(url_of(host, server.port)).text == "here"
    finally:
        server.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(url_of(host, server.port))


def test_a_taken_port_is_refused_with_the_word_that_chooses_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"port {port} for read") as caught:
            HttpServer("read", APP, "127.0.0.1", port)
    assert "--read-port" in caught.value.hint


def test_a_server_that_never_started_lets_go_of_its_port() -> None:
    server = HttpServer("read", APP, "127.0.0.1", 0)
    server.stop()
    HttpServer("read", APP, "127.0.0.1", server.port).stop()


@pytest.fixture
def serving() -> Iterator[HttpServer]:
    server = HttpServer("read", APP, "127.0.0.1", 0)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def impatient() -> Iterator[HttpServer]:
    server = HttpServer("read", APP, "127.0.0.1", 0, head_seconds=0.2)
    server.start()
    yield server
    server.stop()


def talk(server: HttpServer, *parts: bytes) -> bytes:
    """Say something and answer all that is said until the server hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as line:
        heard = b""
        try:
            for part in parts:
                line.sendall(part)
            while part := line.recv(4096):
                heard += part
        except (ConnectionResetError, BrokenPipeError):
            pass
        return heard


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nhost: x\r\nx-a: b"])
def test_a_head_that_does_not_end_ends_the_connection(impatient: HttpServer, said: bytes) -> None:
    assert talk(impatient, said) == b""


def test_a_second_head_that_does_not_end_ends_it_too(impatient: HttpServer) -> None:
    with socket.create_connection(("127.0.0.1", impatient.port), timeout=60) as line:
        line.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        heard = b""
        while b"here" not in heard:
            heard += line.recv(4096)
        line.sendall(b"GET / HTTP/1.1\r\nx-a: ")
        started = time.monotonic()
        while time.monotonic() < started + 60:  # uvicorn's own patience is for those who say nothing.
            try:
                line.sendall(b"b")
                assert line.recv(4096, socket.MSG_DONTWAIT) == b""
                return
            except BlockingIOError:
                time.sleep(0.02)
            except (ConnectionResetError, BrokenPipeError):
                return
    pytest.fail("the connection is still there")


@pytest.mark.parametrize("head", [b"GET / HTTP/1.1\r\nhost: x\r\nx-a: ", CHUNKED + b"1\r\nx\r\n0\r\nx-a: ", b"GET /"])
def test_a_head_or_a_trailer_without_measure_is_cut(serving: HttpServer, head: bytes) -> None:
    heard = talk(serving, head, *[b"a" * (1 << 20)] * 64)
    assert heard == b"" or heard.startswith(b"HTTP/1.1 431")


def test_what_stands_between_small_pieces_of_a_body_is_no_head(serving: HttpServer) -> None:
    pieces = [b"1\r\nx\r\n" * 1000] * (MAX_HEAD_BYTES // 3000)
    assert b"here" + b"x" * 1000 * len(pieces) in talk(serving, CHUNKED, *pieces, b"0\r\n\r\n")
