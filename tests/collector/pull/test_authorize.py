"""What a vendor is shown: tokens, passwords, signatures. The vendor checks it, on a real port."""

from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from starlette.responses import JSONResponse, Response

from billtrail.errors import SettingsError
from collector.mapping.pull import Auth
from collector.pull.authorize import build_auth, sign_oauth1
from collector.pull.credentials import Credentials
from tests.collector.pull.vendor import Asked, Vendor
from tests.support.clock import SteppedClock


def told(**credentials: str) -> Credentials:
    return Credentials("crm", {name: SecretStr(text) for name, text in credentials.items()})


def ask(vendor: Vendor, auth: httpx.Auth | None, path: str = "/things?b=2&a=1") -> int:
    with httpx.Client(auth=auth, timeout=30) as client:
        return client.get(vendor.url + path).status_code


def test_a_bearer_token_is_shown(vendor: Vendor, clock: SteppedClock) -> None:
    ask(vendor, build_auth(Auth("bearer", {"token": "access"}, {}), told(access="t-1"), clock))
    assert vendor.asked[0].headers["authorization"] == "Bearer t-1"


def test_name_and_password_are_shown(vendor: Vendor, clock: SteppedClock) -> None:
    auth = Auth("basic", {"user": "user", "password": "password"}, {})
    ask(vendor, build_auth(auth, told(user="Zoë", password="p:w"), clock))
    assert vendor.asked[0].headers["authorization"] == "Basic Wm/DqzpwOnc="


def test_a_credential_in_a_file_is_read_anew(vendor: Vendor, clock: SteppedClock, tmp_path: Path) -> None:
    file = tmp_path / "token"
    auth = build_auth(Auth("bearer", {"token": "access"}, {}), told(access=f"file:{file}"), clock)
    for text in ("one\n", "two\n"):
        file.write_text(text)
        ask(vendor, auth)
    assert [one.headers["authorization"] for one in vendor.asked] == ["Bearer one", "Bearer two"]


def test_a_credential_in_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_TOKEN", "from-there")
    assert told(access="env:CRM_TOKEN").get("access") == "from-there"


@pytest.mark.parametrize("text", ["env:NOBODY_SET_THIS", "file:/nowhere/at/all"])
def test_a_credential_that_cannot_be_had_says_which_and_where(text: str) -> None:
    with pytest.raises(SettingsError, match=r"collector\.sources\.crm\.credentials\.access"):
        told(access=text).get("access")
    with pytest.raises(SettingsError, match=r"credentials\.other is not set"):
        told(access=text).get("other")


class TokenVendor:
    """Gives numbered tokens, of which only the last is good."""

    def __init__(self, vendor: Vendor, lasts_s: int = 600) -> None:
        self.given, self.lasts_s = 0, lasts_s
        vendor.usual = self.answer

    def answer(self, asked: Asked) -> Response:
        if asked.path != "/token":
            return Response(status_code=200 if asked.headers.get("authorization") == f"Bearer {self.given}" else 401)
        if asked.body != b"grant_type=client_credentials&client_id=me&client_secret=hush&scope=all":
            return Response(status_code=400)
        self.given += 1
        return JSONResponse({"access_token": str(self.given), "expires_in": self.lasts_s})


def oauth2(vendor: Vendor, clock: SteppedClock) -> httpx.Auth | None:
    texts = {"token_url": f"{vendor.url}/token", "scope": "all"}
    auth = Auth("oauth2", {"client_id": "client", "client_secret": "secret"}, texts)
    return build_auth(auth, told(client="me", secret="hush"), clock)


def test_a_token_is_asked_for_once_and_again_when_it_ends(vendor: Vendor, clock: SteppedClock) -> None:
    tokens, auth = TokenVendor(vendor), oauth2(vendor, clock)
    assert [ask(vendor, auth), ask(vendor, auth)] == [200, 200]
    assert tokens.given == 1
    clock.step(seconds=580)
    assert ask(vendor, auth) == 200
    assert tokens.given == 2


def test_a_token_that_is_refused_is_replaced_once(vendor: Vendor, clock: SteppedClock) -> None:
    tokens, auth = TokenVendor(vendor), oauth2(vendor, clock)
    ask(vendor, auth)
    tokens.given += 10
    assert ask(vendor, auth) == 200
    assert tokens.given == 12


def test_an_oauth1_signature_is_over_method_address_and_parameters_in_order() -> None:
    parameters = {
        "oauth_consumer_key": "ck", "oauth_nonce": "n1", "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": "1772452800", "oauth_token": "tk", "oauth_version": "1.0",
    }  # fmt: skip
    url = "https://123.suitetalk.api.netsuite.com/services/rest/query/v1/suiteql?offset=0&limit=5"
    # HMAC-SHA256 with key "cs&ts" over
    # POST&https%3A%2F%2F123.suitetalk.api.netsuite.com%2Fservices%2Frest%2Fquery%2Fv1%2Fsuiteql&limit%3D5%26oauth_…
    assert sign_oauth1("POST", url, parameters, "cs&ts") == "nAgTlRJ2Q29a3/JG6y93r44Qu+oPvDKwJ0liwy76lsw="


def test_a_request_signed_by_oauth1_can_be_checked_by_who_knows_the_secrets(
    vendor: Vendor, clock: SteppedClock
) -> None:
    names = ("consumer_key", "consumer_secret", "token", "token_secret")
    auth = build_auth(
        Auth("oauth1", {name: name for name in names}, {"realm": "123_SB1"}), told(**{n: n for n in names}), clock
    )
    ask(vendor, auth)
    kind, _, rest = vendor.asked[0].headers["authorization"].partition(" ")
    shown = dict(part.strip().split("=", 1) for part in rest.split(","))
    parameters = {name: httpx.QueryParams(f"v={value[1:-1]}")["v"] for name, value in shown.items()}
    assert (kind, parameters.pop("realm")) == ("OAuth", "123_SB1")
    signature = parameters.pop("oauth_signature")
    assert parameters["oauth_timestamp"] == str(int(clock.now().timestamp()))
    assert signature == sign_oauth1("GET", vendor.asked[0].url, parameters, "consumer_secret&token_secret")
