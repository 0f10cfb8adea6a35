"""The sources of this firm: the shipped folders and its own, with the parameters its settings give."""

from billtrail.errors import SettingsError
from collector.mapping import Catalogue, read_catalogue
from collector.mapping.document import name_nearest
from collector.settings import CollectorSettings


def read_firm_sources(settings: CollectorSettings) -> Catalogue:
    """Read every folder. Raises SettingsError where settings name a source that is not there."""
    own = (settings.sources_dir,) if settings.sources_dir else ()
    catalogue = read_catalogue(own, {name: said.parameters for name, said in settings.sources.items()})
    for name in settings.sources:
        if name not in catalogue.folders:
            raise SettingsError(
                f"collector.sources.{name}: no source is called {name}", hint=name_nearest(name, catalogue.folders)
            )
    return catalogue
