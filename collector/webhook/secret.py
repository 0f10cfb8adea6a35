"""The secrets a source's messages are checked against: given, from the environment, or from a file that may change."""

import os
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

_PEM = "-----BEGIN"


class Secrets:
    """What `collector.sources.NAME.secrets` says. For any thread. Empty where nothing is to be had."""

    def __init__(self, given: Sequence[SecretStr]) -> None:
        self._given = [one.get_secret_value() for one in given]
        self._files: dict[str, tuple[tuple[int, int], list[str]]] = {}

    def find(self) -> list[str]:
        """Answer the secrets that are valid now. A file that cannot be read leaves its secrets as they were."""
        return [secret for one in self._given for secret in self._resolve(one) if secret]

    def _resolve(self, given: str) -> list[str]:
        kind, _, rest = given.partition(":")
        if kind == "env":
            return [os.environ.get(rest, "")]
        return self._read(rest) if kind == "file" else [given]

    def _read(self, path: str) -> list[str]:
        known = self._files.get(path)
        try:
            seen = os.stat(path)
            mark = (seen.st_mtime_ns, seen.st_size)
            if known is None or known[0] != mark:
                known = self._files[path] = (mark, _split(Path(path).read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError):
            pass
        return known[1] if known else []


def _split(text: str) -> list[str]:
    """One secret a line; a file with a key in PEM is one secret."""
    return [text] if _PEM in text else [line.strip() for line in text.splitlines() if line.strip()]
