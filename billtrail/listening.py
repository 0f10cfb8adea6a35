"""Where a port may listen: on loopback freely, anywhere else only with a token."""

import ipaddress

from billtrail.errors import SettingsError


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
