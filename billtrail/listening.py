"""Where a port may listen, by which address it is then reached from this machine, and who may ask without a token.

On loopback freely, anywhere else only with a token. Without one a page of the web in this machine's browser is no
caller: neither under its own name nor by renaming this machine.
"""

import ipaddress
from urllib.parse import urlsplit

from billtrail.errors import SettingsError

# Addresses that mean every interface of this machine, and the loopback among them.
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach the address. Names other than `localhost` cannot be trusted to."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_listening(setting: str, host: str, *, has_token: bool) -> None:
    """Refuse an open door. Raises SettingsError when `host` is reachable from outside and no token is configured."""
    if not has_token and not is_loopback(host):
        raise SettingsError(
            f"{setting} = {host!r}: without a token every port listens on loopback only",
            hint="configure a token, or listen on 127.0.0.1",
        )


def url_of(host: str, port: int, *, has_tls: bool = False) -> str:
    """Write the address by which this machine reaches a port that listens at `host`."""
    reached, scheme = _EVERYWHERE.get(host.strip("[]"), host.strip("[]")), "https" if has_tls else "http"
    return f"{scheme}://[{reached}]:{port}" if ":" in reached else f"{scheme}://{reached}:{port}"


def find_foreign(host: str, origin: str) -> str:
    """Say why a request without a token comes from elsewhere; empty when it does not.

    `host` and `origin` are the headers of the request. A program sends no `Origin`, a page of this very port its own.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        name = ""
    if not is_loopback(name):
        return f"without a token only localhost and 127.0.0.1 are answered to, not {host[:60]!r}"
    if origin and origin.lower() not in (f"http://{host}".lower(), f"https://{host}".lower()):
        return f"without a token pages of {origin[:60]!r} are not answered to"
    return ""
