"""The sources there are: one folder each, the shipped ones beside this package and the ones of the firm.

A firm's own folder replaces the shipped one of the same name. Parameters come from the settings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from billtrail.errors import SettingsError
from collector.mapping.document import name_nearest
from collector.mapping.read_source import FILE, SourceError, read_source
from collector.mapping.source import Source

SHIPPED = Path(__file__).parent.parent / "sources"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every source that can be used, by name, and why the others cannot."""

    sources: Mapping[str, Source]
    refused: Mapping[str, SourceError]
    folders: Mapping[str, Path]

    def get(self, name: str) -> Source:
        """Answer a source. Raises SettingsError: its mistakes, or the nearest name when there is none."""
        if name in self.refused:
            raise self.refused[name]
        if name not in self.sources:
            raise SettingsError(f"no source is called {name}", hint=name_nearest(name, self.sources))
        return self.sources[name]


def read_catalogue(own: Sequence[Path] = (), parameters: Mapping[str, Mapping[str, str]] | None = None) -> Catalogue:
    """Read every folder with a `source.yaml`, the shipped ones and those in `own` folders, which win."""
    folders = {file.parent.name: file.parent for root in (SHIPPED, *own) for file in sorted(root.glob(f"*/{FILE}"))}
    sources: dict[str, Source] = {}
    refused: dict[str, SourceError] = {}
    for name, folder in folders.items():
        try:
            sources[name] = read_source(folder, (parameters or {}).get(name))
        except SourceError as error:
            refused[name] = error
    return Catalogue(sources, refused, folders)
