"""`billtrail settings show`: what is in force, where each value may be set. Secrets are never shown."""

import json
from typing import Any

import typer

from billtrail.cli.output import print_rows
from billtrail.cli.words import AsJson
from billtrail.configuration import Configuration
from billtrail.settings import RoomSettings

commands = typer.Typer()
settings = typer.Typer(no_args_is_help=True, help="Look at the settings.")
commands.add_typer(settings, name="settings")


@settings.command("show")
def show_settings(context: typer.Context, as_json: AsJson = False) -> None:
    """Show every setting in force and the variable that changes it."""
    rows = [row for room in Configuration.read(context.obj).all() for row in list_settings(room)]
    print_rows(rows, as_json=as_json)


def list_settings(room: RoomSettings) -> list[dict[str, str]]:
    """List a room's settings: name, value as text, environment variable."""
    values = room.model_dump(mode="json")
    return [
        {"setting": f"{room.section}.{key}", "value": _show(room, key, value), "variable": room.environment_name(key)}
        for key, value in values.items()
    ]


def _show(room: RoomSettings, key: str, value: Any) -> str:
    """Write a value. Secrets are masked by their type; a field that is kept out of `repr` is only said to be set."""
    if not type(room).model_fields[key].repr:
        return "(set)" if value else ""
    return "" if value is None else json.dumps(value) if isinstance(value, (dict, list)) else str(value)
