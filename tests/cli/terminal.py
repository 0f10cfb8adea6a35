"""Types words at the command line and reads what comes back, as a person would."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from typer.main import get_command

ROOT = Path(__file__).parents[2]
MAIN = [sys.executable, "-c", "from billtrail.cli import main; main()"]


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def type_words(*words: str, cwd: Path, **environment: str) -> Said:
    """Run `billtrail WORDS` in a process of its own, with nothing of this one's environment but the path."""
    done = subprocess.run(
        [*MAIN, *words],
        cwd=cwd,
        env=_environment(environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)


@contextmanager
def staying(*words: str, cwd: Path, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a command that stays until it is told to end. What it prints can be read line by line."""
    with subprocess.Popen(
        [*MAIN, *words],
        cwd=cwd,
        env=_environment(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def wait_for_line(process: "subprocess.Popen[str]", words: str) -> str:
    """Read what a process prints until a line holds the words; answer everything up to there."""
    assert process.stdout is not None
    told = ""
    for line in process.stdout:
        told += line
        if words in line:
            return told
    raise AssertionError(f"it ended without saying {words!r}:\n{told}")


def list_commands(application: typer.Typer) -> dict[str, set[str]]:
    """Answer every command, such as `schema plan`, with its options."""
    found: dict[str, set[str]] = {}

    def walk(command: object, path: tuple[str, ...]) -> None:
        for name, one in (getattr(command, "commands", None) or {}).items():
            found[" ".join((*path, name))] = {word for option in one.params for word in option.opts}
            walk(one, (*path, name))

    walk(get_command(application), ())
    return found


def _environment(given: dict[str, str]) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "COLUMNS": "200", "PYTHONPATH": str(ROOT), **given}
