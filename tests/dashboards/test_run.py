"""The child process: what it is told, by which way, and how it ends."""

import socket
import threading
import time
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from billtrail.errors import SettingsError
from billtrail.settings import SettingsLayers
from billtrail.store import StoreSettings
from dashboards.run import _as_environment, health_url, run_forever, start_dashboards, stop_dashboards
from dashboards.serve import command_line
from dashboards.settings import DashboardsSettings

STORE = StoreSettings(url="http://127.0.0.1:1", password=SecretStr("s3cret"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_an_open_address_needs_a_token() -> None:
    with pytest.raises(SettingsError, match="loopback"):
        start_dashboards(DashboardsSettings(host="0.0.0.0"), STORE)


def test_the_child_reads_from_its_environment_what_the_parent_knows() -> None:
    settings = DashboardsSettings(port=9_000, token=SecretStr("t0ken"))
    environment = {**_as_environment(settings), **_as_environment(STORE)}
    layers = SettingsLayers(environment=environment)
    assert DashboardsSettings.from_layers(layers) == settings
    assert StoreSettings.from_layers(layers) == STORE


def test_no_secret_is_on_the_command_line() -> None:
    words = " ".join(command_line(DashboardsSettings(token=SecretStr("t0ken"))))
    assert "t0ken" not in words
    assert Path(words.split("--theme.base=")[1].split()[0]).is_file()


def test_the_pages_come_up_and_go_down() -> None:
    settings = DashboardsSettings(port=free_port())
    process = start_dashboards(settings, STORE)
    try:
        assert _answers(health_url(settings), patience_s=60)
    finally:
        stop_dashboards(process)
    assert process.poll() is not None


def test_serving_ends_when_asked_to() -> None:
    stop = threading.Event()
    stop.set()
    assert run_forever(DashboardsSettings(port=free_port()), STORE, stop) == 0


def _answers(url: str, patience_s: float) -> bool:
    transport = httpx.HTTPTransport(retries=0)
    deadline = time.monotonic() + patience_s
    with httpx.Client(transport=transport, timeout=2) as client:
        while time.monotonic() < deadline:
            try:
                return client.get(url).status_code == 200
            except httpx.TransportError:
                threading.Event().wait(0.1)
    return False
