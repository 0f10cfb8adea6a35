"""How every room reads its settings: `billtrail.toml`, then `BILLTRAIL_*`, then flags; the later wins.

A room declares one frozen class derived from `RoomSettings` with a `section`. Key `http_port` of section `collector` is
`[collector] http_port = …` in the file and `BILLTRAIL_COLLECTOR_HTTP_PORT` in the environment. Unknown keys are refused
with the nearest valid name. This module knows no room: the roof hands it their classes.
"""

import difflib
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from billtrail.errors import SettingsError

FILE_NAME = "billtrail.toml"


class RoomSettings(BaseModel):
    """The settings of one room. Frozen: a change means a new object."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    section: ClassVar[str]

    @classmethod
    def environment_name(cls, key: str) -> str:
        """Name the environment variable of a key."""
        return f"BILLTRAIL_{cls.section}_{key}".upper()

    @classmethod
    def from_layers(cls, layers: "SettingsLayers") -> Self:
        """Read this room's section. Raises SettingsError naming every place that was searched."""
        values = layers.values_of(cls)
        try:
            return cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(str(part) for part in first["loc"])
            raise SettingsError(
                f"setting {cls.section}.{key}: {first['msg'].lower()}{cls._got(first)}",
                hint=f"set it in [{cls.section}] of {layers.file_label}, as {cls.environment_name(key)}, or as a flag",
            ) from error

    @classmethod
    def _got(cls, problem: Mapping[str, Any]) -> str:
        """Say what was there, unless the setting is a secret."""
        key = str(problem["loc"][0]) if problem["loc"] else ""
        is_secret = key in cls.model_fields and _holds_secret(cls.model_fields[key].annotation)
        return "" if is_secret else f", got {problem.get('input')!r}"


class SettingsLayers:
    """The file, the environment and the flags of this run, before any room has read them."""

    def __init__(
        self,
        file: Path | None = None,
        environment: Mapping[str, str] | None = None,
        flags: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self._environment = os.environ if environment is None else environment
        self._flags = flags or {}
        named = file or _named_in(self._environment)
        self._file = named or Path(FILE_NAME)
        self._document = _read_document(self._file, is_required=named is not None)

    @property
    def file_label(self) -> str:
        return str(self._file)

    def values_of(self, room: type[RoomSettings]) -> dict[str, Any]:
        """Merge the three layers of one section, the later winning."""
        section = self._document.get(room.section, {})
        if not isinstance(section, dict):
            raise SettingsError(f"{self.file_label}: [{room.section}] must be a table, got {type(section).__name__}")
        _refuse_unknown(section, room.model_fields, f"{self.file_label}: [{room.section}]")
        values = dict(section)
        for key in room.model_fields:
            if (text := self._environment.get(room.environment_name(key))) is not None:
                values[key] = text.split(",") if _takes_list(room, key) and not text.startswith("[") else text
        values.update({key: value for key, value in self._flags.get(room.section, {}).items() if value is not None})
        return values

    def check(self, rooms: Iterable[type[RoomSettings]]) -> None:
        """Refuse sections and variables that belong to no room. Raises SettingsError with the nearest valid name."""
        known = {room.section: room for room in rooms}
        _refuse_unknown(self._document, known, self.file_label)
        names = {room.environment_name(key) for room in known.values() for key in room.model_fields}
        given = [name for name in self._environment if name.startswith("BILLTRAIL_") and name != "BILLTRAIL_CONFIG"]
        _refuse_unknown(given, names, "the environment")


def _holds_secret(kind: Any) -> bool:
    """Tell whether a value of a type is a secret, or has one anywhere in it."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return any(_holds_secret(field.annotation) for field in kind.model_fields.values())
    return "Secret" in str(kind) or any(_holds_secret(part) for part in get_args(kind))


def _named_in(environment: Mapping[str, str]) -> Path | None:
    return Path(environment["BILLTRAIL_CONFIG"]) if "BILLTRAIL_CONFIG" in environment else None


def _read_document(file: Path, *, is_required: bool) -> dict[str, Any]:
    if not file.exists():
        if is_required:
            raise SettingsError(f"settings file {file} does not exist", hint="check BILLTRAIL_CONFIG or the path given")
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not valid TOML: {error}") from error


def _refuse_unknown(given: Iterable[str], known: Iterable[str], where: str) -> None:
    known = sorted(known)
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"valid names: {', '.join(known)}"
            raise SettingsError(f"{where}: unknown setting {name}", hint=hint)


def _takes_list(room: type[RoomSettings], key: str) -> bool:
    return "tuple" in str(room.model_fields[key].annotation) or "list" in str(room.model_fields[key].annotation)
