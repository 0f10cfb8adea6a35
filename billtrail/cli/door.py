"""How a command speaks to the doors of a running platform: its address, the token it shows, the certificate it trusts.

With TLS the certificate of the settings is trusted, that one alone and under any name: the command and the platform
read the same settings, and the platform is reached by an address the certificate need not know.
"""

import ssl
from pathlib import Path
from typing import Any

import httpx

from billtrail.configuration import Configuration
from billtrail.errors import SettingsError
from billtrail.platform.ownership import Owner
from collector.receive.token import find_plain_token
from collector.settings import CollectorSettings

_END = "-----END CERTIFICATE-----"


def open_door(owner: Owner, configuration: Configuration, **words: Any) -> httpx.Client:
    """Open a client for the platform that owns the data. Raises SettingsError when there is no token to show."""
    settings = configuration.of(CollectorSettings)
    headers = {"authorization": f"Bearer {find_own_token(settings)}"} if settings.has_token else {}
    return httpx.Client(base_url=owner.ports.http_url, headers=headers, verify=trust(settings), **words)


def find_own_token(settings: CollectorSettings, *scopes: str) -> str:
    """Find a token a command can show at the doors of `scopes`, that of imports where none is given."""
    if settings.command_token:
        return settings.command_token.get_secret_value()
    entries = [token.get_secret_value() for token in settings.tokens]
    if settings.tokens_file:
        try:
            entries += settings.tokens_file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"collector.tokens_file: {settings.tokens_file} cannot be read: {error}") from error
    if found := find_plain_token(entries, *(scopes or ("import",))):
        return found
    raise SettingsError(
        "the doors ask for a token, and the settings hold none for this that is written as it is, only hashes",
        hint="set BILLTRAIL_COLLECTOR_COMMAND_TOKEN to the token itself (scope import, or none)",
    )


def trust(settings: CollectorSettings) -> ssl.SSLContext | bool:
    """Trust the certificate of the settings, or without TLS whatever httpx trusts. Raises SettingsError."""
    if settings.tls_cert is None:
        return True
    try:
        return _trust_alone(settings.tls_cert)
    except (OSError, ValueError) as error:
        raise SettingsError(f"collector.tls_cert: {settings.tls_cert} cannot be used: {error}") from error


def _trust_alone(cert: Path) -> ssl.SSLContext:
    first, end, _ = cert.read_text(encoding="ascii").partition(_END)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=first + end)
    return context
