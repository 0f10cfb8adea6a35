"""What configured sources lack of secrets, as far as this process can see: for `billtrail doctor`. Says no secret."""

from collections.abc import Iterator

from billtrail.errors import SettingsError
from collector.mapping import Catalogue
from collector.pull.credentials import Credentials
from collector.settings import CollectorSettings
from collector.source_settings import SourceSettings
from collector.webhook.secret import Secrets


def find_missing_secrets(settings: CollectorSettings, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield the name of a source and what it lacks, one by one."""
    for name, said in settings.sources.items():
        yield from ((name, missing) for missing in _find_empty(name, said))
        source = catalogue.sources.get(name)
        has_other_way = said.pull or said.drop_dir or said.spans
        if settings.has_token and source and source.receive.checks and not said.secrets and not has_other_way:
            yield name, f"collector.sources.{name}.secrets is not set, so its door is closed"


def _find_empty(name: str, said: SourceSettings) -> Iterator[str]:
    for place, secret in enumerate(said.secrets):
        reference = secret.get_secret_value()
        if not Secrets([secret]).find():
            where = reference if reference.startswith(("env:", "file:")) else "the text"
            yield f"collector.sources.{name}.secrets[{place}]: {where} is empty here"
    credentials = Credentials(name, said.credentials)
    for key in said.credentials:
        try:
            credentials.get(key)
        except SettingsError as error:
            yield f"{error} here"
