"""Types words at the command line and reads what comes back, as a person would."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import typer
from typer.main import get_command


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str


def type_words(*words: str, cwd: Path, **environment: str) -> Said:
    """Run `billtrail WORDS` in a process of its own, with nothing of this one's environment but the path."""
    done = subprocess.run(
        [sys.executable, "-c", "from billtrail.cli import main; main()", *words],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "200", "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def list_commands(application: typer.Typer) -> dict[str, set[str]]:
    """Answer every command, such as `schema plan`, with its options."""
    found: dict[str, set[str]] = {}

    def walk(command: object, path: tuple[str, ...]) -> None:
        for name, one in (getattr(command, "commands", None) or {}).items():
            found[" ".join((*path, name))] = {word for option in one.params for word in option.opts}
            walk(one, (*path, name))

    walk(get_command(application), ())
    return found
