"""Who is knocking. Tokens are compared in constant time; with none configured everyone on loopback is let in."""

import hmac
from collections.abc import Sequence

from pydantic import SecretStr

from collector.receive.refusal import Refusal


class Gate:
    """Knows the tokens. A token written `source=token` names its sender."""

    def __init__(self, tokens: Sequence[SecretStr]) -> None:
        self._tokens = [_split(token.get_secret_value()) for token in tokens]

    @property
    def is_open(self) -> bool:
        return not self._tokens

    def admit(self, authorization: str) -> str:
        """Answer the name of the sender, empty when the token has none. Raises Refusal (401)."""
        if self.is_open:
            return ""
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() != "bearer" or not given:
            raise Refusal(401, "a bearer token is required", where="authorization")
        found = None
        for source, token in self._tokens:
            if hmac.compare_digest(token, given.strip().encode()):
                found = source
        if found is None:
            raise Refusal(401, "this token is not known", where="authorization")
        return found


def _split(pair: str) -> tuple[str, bytes]:
    source, separator, token = pair.partition("=")
    return (source, token.encode()) if separator and token else ("", pair.encode())
