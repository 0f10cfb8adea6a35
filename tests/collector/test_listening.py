"""Without a token every port stays on this machine."""

import pytest

from billtrail.errors import SettingsError
from billtrail.listening import check_listening


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_loopback_needs_no_token(host: str) -> None:
    check_listening("collector.http_host", host, has_token=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "example.org", ""])
def test_anything_else_needs_one(host: str) -> None:
    check_listening("collector.http_host", host, has_token=True)
    with pytest.raises(SettingsError, match=r"collector\.http_host"):
        check_listening("collector.http_host", host, has_token=False)
