"""Run measurements one after the other, each in its own process, and print one table.

Without names: all but the long ones.
"""

import json
import subprocess
import sys
from pathlib import Path

from tests.bench.figure import Figure, print_figures

HERE = Path(__file__).parent
NOT_MEASUREMENTS = {"__init__", "__main__", "figure", "load"}
LONG = {"truth"}


def names() -> list[str]:
    """Name the measurements there are: the modules here that define `measure`."""
    files = sorted(HERE.glob("*.py"))
    return [file.stem for file in files if file.stem not in NOT_MEASUREMENTS and "\ndef measure(" in file.read_text()]


def run(name: str) -> list[Figure]:
    """Run one measurement in a fresh process. Raises CalledProcessError when it fails."""
    code = (
        "import json, sys, importlib; "
        f"figures = importlib.import_module('tests.bench.{name}').measure(); "
        "print(json.dumps([figure.as_dict() for figure in figures]))"
    )
    print(f"measuring {name} …", file=sys.stderr)
    done = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True)
    return [Figure(**values) for values in json.loads(done.stdout.splitlines()[-1])]


def main() -> None:
    wanted = sys.argv[1:] or [name for name in names() if name not in LONG]
    if unknown := set(wanted) - set(names()):
        sys.exit(f"no such measurement: {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    print_figures([figure for name in wanted for figure in run(name)])


if __name__ == "__main__":
    main()
