"""A port that rooms and roof serve on: bound at once, let go of at the end, refused with the next step."""

import resource
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from billtrail.crowd import afford_connections, allow_many_files
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


@contextmanager
def crowded(limit: int) -> Iterator[HttpServer]:
    server = HttpServer("read", APP, "127.0.0.1", 0, max_connections=limit)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def connect(server: HttpServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=60)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.01)


def test_whoever_asks_nothing_makes_room_for_whoever_does() -> None:
    with crowded(2) as server, ExitStack() as lines:
        crowd = server.crowd
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}") as client:
            for place in range(1, 51):
                lines.enter_context(connect(server))
                wait_until(lambda place=place: crowd.present + crowd.made_room >= place)  # type: ignore[misc]
                if place % 10 == 0:
                    assert client.get("/").text == "here"
        assert crowd.made_room >= 48
        assert crowd.refused == 0


def test_who_comes_when_all_are_being_answered_is_told_to_come_back() -> None:
    with crowded(1) as server, connect(server) as busy:
        busy.sendall(CHUNKED.replace(b"\r\n\r\n", b"\r\nexpect: 100-continue\r\n\r\n"))
        assert busy.recv(4096).startswith(b"HTTP/1.1 100")
        with connect(server) as mute:
            wait_until(lambda: server.crowd.present == 2)
            heard = talk(server, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            assert (heard[:12], b"retry-after: 5" in heard) == (b"HTTP/1.1 503", True)
            assert mute.recv(1, socket.MSG_PEEK) == b""
        busy.sendall(b"1\r\nx\r\n0\r\n\r\n")
        assert b"herex" in busy.recv(4096)
        wait_until(lambda: server.crowd.present == 0)
        assert httpx.get(f"http://127.0.0.1:{server.port}").text == "here"
        assert (server.crowd.made_room, server.crowd.refused) == (1, 1)


def test_connections_leave_files_for_all_else(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    for files, hard, wanted in ((1024, 4096, 256), (8000, 8000, 1000), (resource.RLIM_INFINITY, -1, 1000)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, had=(files, hard): had)
        monkeypatch.setattr(resource, "setrlimit", lambda _, pair: asked.append(pair))
        assert afford_connections(1000) == wanted
        allow_many_files()
    assert asked == [(4096, 4096)]


def test_what_stands_between_small_pieces_of_a_body_is_no_head(serving: HttpServer) -> None:
    pieces = [b"1\r\nx\r\n" * 1000] * (MAX_HEAD_BYTES // 3000)
    assert b"here" + b"x" * 1000 * len(pieces) in talk(serving, CHUNKED, *pieces, b"0\r\n\r\n")
