"""The credentials a firm has with a vendor: named in a source's `pull`, told in its settings, never written anywhere.

A credential is `env:NAME`, a variable of the environment; `file:PATH`, read anew every time; or the text itself.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from billtrail.errors import SettingsError


class Credentials:
    """What the settings say under `[collector.sources.NAME.credentials]`."""

    def __init__(self, source: str, told: Mapping[str, SecretStr]) -> None:
        self._source = source
        self._told = told

    def get(self, name: str) -> str:
        """Answer a credential. Raises SettingsError when it is not told or cannot be read."""
        place = f"collector.sources.{self._source}.credentials.{name}"
        if name not in self._told:
            raise SettingsError(
                f"{place} is not set", hint="set it to env:NAME, file:PATH or the text itself in billtrail.toml"
            )
        text = self._told[name].get_secret_value()
        kind, _, rest = text.partition(":")
        if kind == "env":
            return self._found(os.environ.get(rest, ""), place, f"the variable {rest} of the environment")
        if kind == "file":
            try:
                return self._found(Path(rest).read_text(encoding="utf-8").strip(), place, f"the file {rest}")
            except OSError as error:
                raise SettingsError(
                    f"{place}: {rest}: {error.strerror}", hint="check the path and its rights"
                ) from error
        return text

    def _found(self, text: str, place: str, where: str) -> str:
        if not text:
            raise SettingsError(f"{place}: {where} is empty")
        return text
