"""What vendors do before they send: sign a body the way their documentation says."""

import base64
import hashlib
import hmac
from typing import Any


def digest(secret: str, message: bytes, *, in_hex: bool = True) -> str:
    made = hmac.new(secret.encode(), message, hashlib.sha256)
    return made.hexdigest() if in_hex else base64.b64encode(made.digest()).decode()


def sign_docusign(secret: str, body: bytes, place: int = 1) -> dict[str, str]:
    return {f"X-DocuSign-Signature-{place}": digest(secret, body, in_hex=False)}


def sign_jira(secret: str, body: bytes) -> dict[str, str]:
    return {"X-Hub-Signature": f"sha256={digest(secret, body)}"}


def sign_billtrail(secret: str, body: bytes, at_s: float) -> dict[str, str]:
    seconds = str(int(at_s))
    return {"Billtrail-Signature": f"t={seconds},v1={digest(secret, seconds.encode() + b'.' + body)}"}


def sign_hubspot(secret: str, body: bytes, at_s: float, url: str) -> dict[str, str]:
    at_ms = str(int(at_s * 1000))
    signed = b"POST" + url.encode() + body + at_ms.encode()
    return {"X-HubSpot-Signature-v3": digest(secret, signed, in_hex=False), "X-HubSpot-Request-Timestamp": at_ms}


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def make_keys() -> tuple[Any, str]:
    """Make a key pair as Concur has it: the private key, and the public one in PEM."""
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return private, private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def sign_concur(private: Any, body: bytes) -> dict[str, str]:
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.hashes import SHA256

    pss = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=padding.PSS.MAX_LENGTH)
    return {"Concur-Signature": base64.b64encode(private.sign(body, pss, SHA256())).decode()}
