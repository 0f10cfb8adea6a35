"""The settings of every room, read together, so that a wrong word anywhere stops the start and not the night.

Part of the roof: it knows every room's settings class and nothing else of the rooms.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self, TypeVar

from alerts.settings import AlertsSettings
from billtrail.settings import RoomSettings, SettingsLayers
from billtrail.store.endpoint.settings import ReadSettings
from billtrail.store.settings import StoreSettings
from collector.settings import CollectorSettings
from correlators.settings import CorrelatorsSettings
from dashboards.settings import DashboardsSettings
from simulator.settings import SimulatorSettings
from slos.settings import SlosSettings

ROOMS: tuple[type[RoomSettings], ...] = (
    StoreSettings,
    ReadSettings,
    CollectorSettings,
    CorrelatorsSettings,
    SlosSettings,
    AlertsSettings,
    DashboardsSettings,
    SimulatorSettings,
)

Flags = Mapping[str, Mapping[str, Any]]
Room = TypeVar("Room", bound=RoomSettings)


class Configuration:
    """What this run was told, checked. Ask it for a room's settings by their class."""

    def __init__(self, rooms: Mapping[type[RoomSettings], RoomSettings], file_label: str) -> None:
        self._rooms = rooms
        self.file_label = file_label

    @classmethod
    def read(cls, file: Path | None = None, flags: Flags | None = None) -> Self:
        """Read file, environment and flags. Raises SettingsError at the first thing that is wrong."""
        layers = SettingsLayers(file, flags=flags)
        layers.check(ROOMS)
        return cls({room: room.from_layers(layers) for room in ROOMS}, layers.file_label)

    def of(self, room: type[Room]) -> Room:
        settings = self._rooms[room]
        assert isinstance(settings, room)
        return settings

    def all(self) -> list[RoomSettings]:
        return list(self._rooms.values())
