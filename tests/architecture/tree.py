"""Where the project's own files are: what every architecture test walks."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("collector", "correlators", "slos", "alerts", "dashboards", "simulator")
PACKAGES = ("billtrail", *ROOMS)


def find_files(pattern: str, *folders: str) -> list[Path]:
    """List the files of some folders, relative to the root, without what tools leave behind."""
    found = (path.relative_to(ROOT) for folder in folders for path in (ROOT / folder).rglob(pattern))
    return sorted(path for path in found if not any(part.startswith((".", "__pycache__")) for part in path.parts))
