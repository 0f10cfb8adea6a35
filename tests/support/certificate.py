"""A certificate of this machine for itself, and its key; skips where there is no openssl."""

import shutil
import subprocess
from pathlib import Path

import pytest


def make_certificate(folder: Path, name: str = "localhost") -> tuple[Path, Path]:
    """Make `cert.pem` and `key.pem` in a folder, for `name`; as `localhost` also for 127.0.0.1."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("!! no openssl to make a certificate with")
    cert, key = folder / "cert.pem", folder / "key.pem"
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1" if name == "localhost" else f"subjectAltName=DNS:{name}"
    words = f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={name} -addext {names}"
    subprocess.run([openssl, *words.split(), "-out", cert, "-keyout", key], check=True, capture_output=True)
    return cert, key
