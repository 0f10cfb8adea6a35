"""How a request shows a vendor who asks: bearer, basic, OAuth 2 client credentials, OAuth 1 (NetSuite's token-based).

Credentials are read when they are used, so that a changed file needs no restart. A token of OAuth 2 is kept until it
ends or is refused, and then asked for once more.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, quote

import httpx

from billtrail.clock import Clock
from billtrail.errors import DeliveryError
from collector.mapping.pull import Auth
from collector.pull.credentials import Credentials

# A token is renewed a little before it ends; one without an end after an hour.
_EARLY_S, _USUAL_S = 30, 3600
_Flow = Generator[httpx.Request, httpx.Response, None]


@dataclass(frozen=True, slots=True)
class Token:
    """What a token endpoint answered. `instance_url` and `identity` are Salesforce's: where the org is, and whose."""

    text: str
    ends_at: datetime
    instance_url: str = ""
    identity: str = ""


class ClientCredentials:
    """OAuth 2 client credentials (RFC 6749, section 4.4)."""

    def __init__(self, auth: Auth, credentials: Credentials, clock: Clock) -> None:
        self._auth = auth
        self._credentials = credentials
        self._clock = clock
        self._token: Token | None = None

    def find(self) -> Token | None:
        """Answer the token there is; None when one must be asked for."""
        return self._token if self._token and self._clock.now() < self._token.ends_at else None

    def forget(self) -> None:
        self._token = None

    def ask(self) -> httpx.Request:
        """Make the request for a token. Raises SettingsError without credentials."""
        form = {"grant_type": "client_credentials"}
        form |= {name: self._credentials.get(secret) for name, secret in self._auth.secrets.items()}
        form |= {"scope": scope} if (scope := self._auth.texts.get("scope", "")) else {}
        return httpx.Request("POST", self._auth.texts["token_url"], data=form, headers={"accept": "application/json"})

    def take(self, response: httpx.Response) -> Token:
        """Keep the token of an answer. Raises DeliveryError."""
        try:
            told = response.json() if response.is_success else {}
            lasts_s = float(told.get("expires_in") or _USUAL_S)
            ends_at = self._clock.now() + timedelta(seconds=max(lasts_s - _EARLY_S, lasts_s / 2))
            self._token = Token(told["access_token"], ends_at, told.get("instance_url", ""), told.get("id", ""))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DeliveryError(
                f"{self._auth.texts['token_url']} gave no token: status {response.status_code}",
                hint="check client_id, client_secret and what the client may do",
            ) from error
        return self._token


class _OAuth2(httpx.Auth):
    requires_response_body = True

    def __init__(self, source: ClientCredentials) -> None:
        self._source = source

    def auth_flow(self, request: httpx.Request) -> _Flow:
        token = self._source.find() or self._source.take((yield self._source.ask()))
        request.headers["authorization"] = f"Bearer {token.text}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            token = self._source.take((yield self._source.ask()))
            request.headers["authorization"] = f"Bearer {token.text}"
            yield request


class _OAuth1(httpx.Auth):
    """OAuth 1.0a (RFC 5849, section 3.4) with HMAC-SHA256; what is sent as JSON is no part of the signature."""

    def __init__(self, auth: Auth, credentials: Credentials, clock: Clock) -> None:
        self._auth = auth
        self._credentials = credentials
        self._clock = clock

    def auth_flow(self, request: httpx.Request) -> _Flow:
        given = {name: self._credentials.get(secret) for name, secret in self._auth.secrets.items()}
        told = {
            "oauth_consumer_key": given["consumer_key"],
            "oauth_token": given["token"],
            "oauth_signature_method": "HMAC-SHA256",
            "oauth_timestamp": str(int(self._clock.now().timestamp())),
            "oauth_nonce": secrets.token_hex(16),
            "oauth_version": "1.0",
        }
        key = f"{_escape(given['consumer_secret'])}&{_escape(given['token_secret'])}"
        told["oauth_signature"] = sign_oauth1(request.method, str(request.url), told, key)
        written = ", ".join(f'{name}="{_escape(value)}"' for name, value in told.items())
        request.headers["authorization"] = f'OAuth realm="{_escape(self._auth.texts["realm"])}", {written}'
        yield request


class _Bearer(httpx.Auth):
    def __init__(self, read: Callable[[], str]) -> None:
        self._read = read

    def auth_flow(self, request: httpx.Request) -> _Flow:
        request.headers["authorization"] = self._read()
        yield request


def build_auth(auth: Auth, credentials: Credentials, clock: Clock) -> httpx.Auth | None:
    """Make what signs the requests of a stream."""
    match auth.kind:
        case "bearer":
            return _Bearer(lambda: f"Bearer {credentials.get(auth.secrets['token'])}")
        case "basic":
            return _Bearer(
                lambda: _write_basic(*(credentials.get(auth.secrets[name]) for name in ("user", "password")))
            )
        case "oauth2":
            return _OAuth2(ClientCredentials(auth, credentials, clock))
        case "oauth1":
            return _OAuth1(auth, credentials, clock)
    return None


def sign_oauth1(method: str, url: str, told: Mapping[str, str], key: str) -> str:
    """Sign a request: its method, its address without the query, and every parameter in order."""
    address, _, query = url.partition("?")
    pairs = [*told.items(), *parse_qsl(query, keep_blank_values=True)]
    written = "&".join(f"{name}={value}" for name, value in sorted((_escape(n), _escape(v)) for n, v in pairs))
    text = "&".join((method.upper(), _escape(address), _escape(written)))
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _write_basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _escape(text: str) -> str:
    return quote(text, safe="-._~")
