"""Signatures with a key pair, and tokens.

SAP Concur: `Concur-Signature` is base64 of RSA-PSS (SHA-256, MGF1 with SHA-256, longest salt) over the body. Concur
publishes the key and not the scheme; receivers in public use verify it so. A salt of any length is taken.
"""

import base64
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from collector.webhook.knock import Knock, Verdict

_PSS = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=padding.PSS.AUTO)
_LEEWAY_S = 60


class ConcurVerifier:
    """For Concur's public key, in PEM, as the secret."""

    def verify(self, knock: Knock, secrets: Sequence[str]) -> Verdict:
        sent = knock.headers.get("concur-signature", "").strip()
        if not sent:
            return Verdict.UNSIGNED
        try:
            signature = base64.b64decode(sent, validate=True)
        except ValueError:
            return Verdict.FORGED
        keys = [key for key in map(_load_key, secrets) if key]
        return Verdict.GENUINE if any(_fits(key, signature, knock.body) for key in keys) else Verdict.FORGED


class JwtVerifier:
    """A bearer token the vendor signs anew for each delivery. `algorithms` are what the source allows, no other.

    The token must expire. The secret is the shared one, or the public key in PEM.
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        self._algorithms = options["algorithms"].split()
        self._audience = options.get("audience") or None
        self._issuer = options.get("issuer") or None

    def verify(self, knock: Knock, secrets: Sequence[str]) -> Verdict:
        scheme, _, token = knock.headers.get("authorization", "").partition(" ")
        if scheme.lower() not in ("bearer", "jwt") or token.count(".") != 2:
            return Verdict.UNSIGNED
        verdicts = [self._judge(token.strip(), secret, knock.now_s) for secret in secrets]
        return next((one for one in (Verdict.GENUINE, Verdict.STALE) if one in verdicts), Verdict.FORGED)

    def _judge(self, token: str, secret: str, now_s: float) -> Verdict:
        checks: Any = dict.fromkeys(("verify_exp", "verify_iat", "verify_nbf"), False)
        checks |= {"require": ["exp"], "verify_aud": self._audience is not None}
        try:
            claims = jwt.decode(
                token,
                secret,
                algorithms=self._algorithms,
                audience=self._audience,
                issuer=self._issuer,
                options=checks,
            )
            expires, begins = float(claims["exp"]), float(claims.get("nbf", 0))
        except (jwt.PyJWTError, ValueError, TypeError):
            return Verdict.FORGED
        return Verdict.GENUINE if begins - _LEEWAY_S <= now_s <= expires + _LEEWAY_S else Verdict.STALE


@lru_cache(maxsize=32)
def _load_key(pem: str) -> rsa.RSAPublicKey | None:
    try:
        key = load_pem_public_key(pem.encode())
    except ValueError:
        return None
    return key if isinstance(key, rsa.RSAPublicKey) else None


def _fits(key: rsa.RSAPublicKey, signature: bytes, body: bytes) -> bool:
    try:
        key.verify(signature, body, _PSS, SHA256())
    except InvalidSignature:
        return False
    return True
