"""docker-compose.yml, looked at without docker: every word in it exists in the project."""

from collections.abc import Iterator

import pytest

from billtrail.cli.entry import application
from billtrail.configuration import ROOMS
from collector.settings import CollectorSettings
from dashboards.settings import DashboardsSettings
from tests.cli.terminal import list_commands
from tests.deploy.compose import Service, read_compose, read_services

SERVICES = read_services()
OWN = {name: service for name, service in SERVICES.items() if "build" in service}
# DESIGN: outside interfaces.
PORTS = {4317, 4318, 8123, 8501}
KEYS = {
    "image", "build", "restart", "environment", "depends_on", "healthcheck", "volumes", "ports", "ulimits", "command",
}  # fmt: skip


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_uses_only_keys_of_the_compose_specification(name: str) -> None:
    assert set(SERVICES[name]) <= KEYS


def test_every_room_is_a_service() -> None:
    assert {"collector", "correlators", "slos", "alerts", "dashboards", "simulator"} <= set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned(name: str) -> None:
    _, _, tag = SERVICES[name]["image"].partition(":")
    assert tag not in ("", "latest")


@pytest.mark.parametrize("name", OWN)
def test_every_command_exists(name: str) -> None:
    commands = list_commands(application)
    words = [word for word in OWN[name]["command"] if not word.startswith(("-", "http"))]
    assert " ".join(words) in commands
    assert {word for word in OWN[name]["command"] if word.startswith("--")} <= commands[" ".join(words)]


@pytest.mark.parametrize("name", OWN)
def test_every_variable_is_a_setting(name: str) -> None:
    known = {room.environment_name(key) for room in ROOMS for key in room.model_fields}
    assert set(OWN[name].get("environment", {})) <= known


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_exists_and_can_be_waited_for(name: str) -> None:
    for other, wish in SERVICES[name].get("depends_on", {}).items():
        assert other in SERVICES
        if wish["condition"] == "service_healthy":
            assert "test" in SERVICES[other].get("healthcheck", {})


def test_every_volume_is_declared_and_used() -> None:
    used = {text.split(":")[0] for service in SERVICES.values() for text in service.get("volumes", [])}
    assert used == set(read_compose()["volumes"])


def test_ports_are_the_documented_ones_and_stay_on_this_machine() -> None:
    for host, outside, inside in published(SERVICES.values()):
        assert host == "127.0.0.1"
        assert outside == inside
        assert inside in PORTS


@pytest.mark.parametrize(
    ("name", "port"),
    [
        ("collector", CollectorSettings.model_fields["http_port"].default),
        ("dashboards", DashboardsSettings.model_fields["port"].default),
    ],
)
def test_a_published_port_is_the_one_the_room_listens_on(name: str, port: int) -> None:
    assert [inside for _, _, inside in published([SERVICES[name]])] == [port]


def published(services: object) -> Iterator[tuple[str, int, int]]:
    assert hasattr(services, "__iter__")
    each: Service
    for each in services:
        for text in each.get("ports", []):
            host, outside, inside = text.split(":")
            yield host, int(outside), int(inside)
