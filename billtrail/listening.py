"""Where a port may listen, and by which address it is then reached from this machine.

On loopback freely, anywhere else only with a token.
"""

import ipaddress

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


def url_of(host: str, port: int) -> str:
    """Write the address by which this machine reaches a port that listens at `host`."""
    reached = _EVERYWHERE.get(host.strip("[]"), host.strip("[]"))
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"
