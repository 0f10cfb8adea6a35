"""Tokens as an operator writes them: `[source[:scopes]=]token`, one each in a setting or a line of a file.

`source` names the sender; `scopes` are joined by `+`, such as `events+traces`, and none means every door (`import` is
for imports and replays). The token is
written as it is, or as `sha256:` and its hash in hex, so that nothing a file holds opens a door. Only hashes are kept.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from billtrail.errors import SettingsError

SCOPES = frozenset({"events", "import", "logs", "sources", "traces"})
_HASHED = "sha256:"


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of one token. No `scopes` means all."""

    digest: bytes
    source: str = ""
    scopes: frozenset[str] = frozenset()

    def allows(self, scope: str) -> bool:
        return not self.scopes or scope in self.scopes


def hash_token(text: str) -> bytes:
    """Hash what a sender shows. Tokens are long and random: no salt, no slow hash is needed."""
    return hashlib.sha256(text.encode()).digest()


def read_token(text: str) -> Token:
    """Read one entry. Raises SettingsError that does not repeat it."""
    whom, separator, secret = text.partition("=")
    if not separator or not secret.strip("="):
        whom, secret = "", text
    source, _, scopes = whom.partition(":")
    allowed = frozenset(scopes.split("+")) if scopes else frozenset()
    if unknown := allowed - SCOPES:
        raise SettingsError(
            f"a token of {source!r} is for {min(unknown)!r}, which is no door",
            hint=f"doors: {', '.join(sorted(SCOPES))}",
        )
    return Token(_digest(secret, source), source, allowed)


def read_token_file(lines: Iterable[str]) -> list[Token]:
    """Read a file of tokens: one a line, `#` begins a comment line. Raises SettingsError."""
    return [read_token(line.strip()) for line in lines if line.strip() and not line.strip().startswith("#")]


def find_plain_token(entries: Iterable[str], *scopes: str) -> str:
    """Find the first token that is written as it is and opens the doors of all `scopes`; empty when there is none."""
    for entry in entries:
        whom, separator, secret = entry.strip().partition("=")
        plain = secret if separator and secret.strip("=") else entry.strip()
        if not plain or plain.startswith((_HASHED, "#")) or whom.startswith("#"):
            continue
        if all(map(read_token(entry.strip()).allows, scopes)):
            return plain
    return ""


def _digest(secret: str, source: str) -> bytes:
    if not secret.startswith(_HASHED):
        return hash_token(secret)
    try:
        digest = bytes.fromhex(secret.removeprefix(_HASHED))
    except ValueError:
        digest = b""
    if len(digest) != 32:
        raise SettingsError(f"a token of {source!r}: expected 64 hex digits behind {_HASHED}")
    return digest
