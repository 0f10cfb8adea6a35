"""A port that rooms and roof serve on: bound at once, let go of at the end, refused with the next step."""

import socket

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from billtrail.errors import SettingsError
from billtrail.listening import url_of
from billtrail.serving import HttpServer


async def _answer(request: Request) -> Response:
    return PlainTextResponse("here")


APP = Starlette(routes=[Route("/", _answer)])


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
