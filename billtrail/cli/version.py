"""`billtrail version`: which Billtrail, which engine."""

import platform
from importlib.metadata import version

import typer

from billtrail.cli.output import print_json, print_rows
from billtrail.cli.words import AsJson

commands = typer.Typer()


@commands.command("version")
def show_version(as_json: AsJson = False) -> None:
    """Show which versions are installed."""
    versions = find_versions()
    if as_json:
        print_json(versions)
    else:
        print_rows([{"part": part, "version": text} for part, text in versions.items()], as_json=False)


def find_versions() -> dict[str, str]:
    """Find the versions of what decides how it behaves."""
    return {"billtrail": version("billtrail"), "engine": version("chdb-core"), "python": platform.python_version()}
