"""Who is knocking, and at which door. Tokens are compared in constant time, by their hashes.

With no token and no file of tokens configured everyone is let in, and the doors listen on loopback only. The file is
read again as soon as it changes; one that cannot be read leaves the tokens as they were. An empty file lets nobody in.
"""

import hmac
import logging
import threading
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr
from starlette.requests import Request

from billtrail.errors import SettingsError
from billtrail.listening import find_foreign
from collector.receive.refusal import Refusal
from collector.receive.token import Token, hash_token, read_token, read_token_file

log = logging.getLogger(__name__)

_Mark = tuple[int, int, int] | None


class Gate:
    """Knows the tokens. For any thread."""

    def __init__(self, tokens: Sequence[SecretStr], file: Path | None = None) -> None:
        """Raises SettingsError when a token or the file cannot be read."""
        self._given = [read_token(token.get_secret_value()) for token in tokens]
        self._file = file
        self._mark = _look_at(file)
        self._lock = threading.Lock()
        self._filed = _read(file) if file else []

    @property
    def is_open(self) -> bool:
        return not self._given and self._file is None

    def admit(self, authorization: str, scope: str = "events") -> str:
        """Answer the name of the sender, empty when the token has none. Raises Refusal (401, or 403: another door)."""
        if self.is_open:
            return ""
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() != "bearer" or not given:
            raise Refusal(401, "a bearer token is required", where="authorization")
        found = self._find(hash_token(given.strip()))
        if found is None:
            raise Refusal(401, "this token is not known", where="authorization")
        if not found.allows(scope):
            raise Refusal(403, f"this token is not for {scope}", where="authorization")
        return found.source

    def _find(self, digest: bytes) -> Token | None:
        self._refresh()
        found = None
        for token in [*self._given, *self._filed]:
            if hmac.compare_digest(token.digest, digest):
                found = token
        return found

    def _refresh(self) -> None:
        if self._file is None or (mark := _look_at(self._file)) == self._mark:
            return
        with self._lock:
            self._mark = mark
            try:
                self._filed = _read(self._file)
            except SettingsError as error:
                log.warning("the tokens stay as they are: %s", error)


def admit_operator(gate: Gate, request: Request) -> None:
    """Let in who may import and replay: by token, or without one from this machine alone. Raises Refusal (401, 403)."""
    gate.admit(request.headers.get("authorization", ""), "import")
    foreign = find_foreign(request.headers.get("host", ""), request.headers.get("origin", "")) if gate.is_open else ""
    if foreign:
        raise Refusal(403, foreign, hint="configure a token and send it")


def _look_at(file: Path | None) -> _Mark:
    try:
        seen = file.stat() if file else None
    except OSError:
        return None
    return (seen.st_ino, seen.st_mtime_ns, seen.st_size) if seen else None


def _read(file: Path) -> list[Token]:
    try:
        return read_token_file(file.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"collector.tokens_file: {file} cannot be read: {error}") from error
