"""Who sent this? Each vendor's way to say so, and what happens to those who only pretend."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jwt
import pytest

from collector.mapping.receive import CheckRule
from collector.webhook.knock import Knock, Verdict
from collector.webhook.verifiers import Verifiers
from tests.collector.webhook import signed

BODY = b'{"amount": "12.50", "name": "M\xc3\xbcller"}'
URL = "https://hooks.firm.example/v1/sources/hubspot"
NOW = 1_780_000_000.0
SECRET, OTHER = "a secret of the firm", "the one before " * 5
LONG = SECRET * 3
PRIVATE, PUBLIC = signed.make_keys()
VECTORS = Path(__file__).parents[4] / "shared" / "signature_vectors.json"


def knock(headers: Mapping[str, str], body: bytes = BODY, **changes: Any) -> Knock:
    told = {"method": "POST", "url": URL, "query": {}, "now_s": NOW, **changes}
    return Knock(headers={name.lower(): value for name, value in headers.items()}, body=body, **told)


def judge(kind: str, request: Knock, *secrets: str, **options: str) -> Verdict:
    return Verifiers([CheckRule(kind, options)]).verify(request, secrets or (SECRET,))


def make_token(claims: dict[str, Any] | None = None, key: str = LONG, algorithm: str = "HS256") -> dict[str, str]:
    token = jwt.encode({"iss": "atlassian", "exp": NOW + 180, **(claims or {})}, key, algorithm=algorithm)
    return {"Authorization": f"Bearer {token}"}


GENUINE: dict[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
    "docusign": (signed.sign_docusign(SECRET, BODY), {}),
    "jira": (signed.sign_jira(SECRET, BODY), {}),
    "hmac": ({"X-Sign": signed.digest(SECRET, BODY, in_hex=False)}, {"header": "X-Sign", "encoding": "base64"}),
    "hubspot": (signed.sign_hubspot(SECRET, BODY, NOW, URL), {}),
    "billtrail": (signed.sign_billtrail(SECRET, BODY, NOW), {}),
    "concur": (signed.sign_concur(PRIVATE, BODY), {}),
    "basic": (signed.basic("hub", SECRET), {}),
    "header": ({"X-Secret": SECRET}, {"name": "X-Secret"}),
    "jwt": (make_token(), {"algorithms": "HS256", "issuer": "atlassian"}),
}
KEYS = {"concur": PUBLIC, "basic": f"hub:{SECRET}", "jwt": LONG}


@pytest.mark.parametrize("kind", GENUINE)
def test_the_vendor_is_let_in_and_so_it_is_while_secrets_change(kind: str) -> None:
    headers, options = GENUINE[kind]
    key = KEYS.get(kind, SECRET)
    assert judge(kind, knock(headers), key, **options) is Verdict.GENUINE
    assert judge(kind, knock(headers), OTHER, key, **options) is Verdict.GENUINE


@pytest.mark.parametrize("kind", GENUINE)
def test_another_secret_does_not_fit(kind: str) -> None:
    headers, options = GENUINE[kind]
    assert judge(kind, knock(headers), OTHER, **options) is Verdict.FORGED


@pytest.mark.parametrize("kind", ["docusign", "jira", "hmac", "hubspot", "billtrail", "concur"])
def test_a_changed_body_does_not_fit(kind: str) -> None:
    headers, options = GENUINE[kind]
    changed = knock(headers, BODY.replace(b"12.50", b"99.50"))
    assert judge(kind, changed, KEYS.get(kind, SECRET), **options) is Verdict.FORGED


@pytest.mark.parametrize("kind", GENUINE)
def test_a_request_without_signature_is_not_signed(kind: str) -> None:
    assert judge(kind, knock({}), KEYS.get(kind, SECRET), **GENUINE[kind][1]) is Verdict.UNSIGNED


@pytest.mark.parametrize("kind", GENUINE)
@pytest.mark.parametrize("junk", ["", "=", "%%%", "é", "a" * 5000, "t=,v1=", "sha256=", "Bearer a.b.c", "Basic ÿ"])
def test_junk_in_the_header_is_refused_and_never_an_error(kind: str, junk: str) -> None:
    headers, options = GENUINE[kind]
    spoiled = dict.fromkeys(headers, junk)
    assert judge(kind, knock(spoiled), KEYS.get(kind, SECRET), **options) in (Verdict.UNSIGNED, Verdict.FORGED)


@pytest.mark.parametrize("offset_s", [-301, 301])
@pytest.mark.parametrize("kind", ["hubspot", "billtrail"])
def test_what_is_older_than_five_minutes_is_stale(kind: str, offset_s: float) -> None:
    headers, _ = GENUINE[kind]
    assert judge(kind, knock(headers, now_s=NOW + offset_s)) is Verdict.STALE
    assert judge(kind, knock(headers, now_s=NOW + offset_s * 0.99)) is Verdict.GENUINE


def test_docusign_sends_a_signature_for_each_of_its_keys_and_one_that_fits_is_enough() -> None:
    headers = signed.sign_docusign("retired", BODY, 1) | signed.sign_docusign(SECRET, BODY, 2)
    assert judge("docusign", knock(headers)) is Verdict.GENUINE


def test_hubspot_undoes_twelve_escapes_in_the_address_and_no_more() -> None:
    sent, decoded = f"{URL}?a=%3A%2f%40%2C%3B&b=%20%2B%C3%A9", f"{URL}?a=:/@,;&b=%20%2B%C3%A9"
    headers = signed.sign_hubspot(SECRET, BODY, NOW, decoded)
    assert judge("hubspot", knock(headers, url=sent)) is Verdict.GENUINE


def test_hubspots_older_signatures_count_only_where_the_newest_is_not_sent() -> None:
    import hashlib

    first = {"X-HubSpot-Signature": hashlib.sha256(SECRET.encode() + BODY).hexdigest()}
    second = hashlib.sha256(SECRET.encode() + b"POST" + URL.encode() + BODY).hexdigest()
    newer = {"X-HubSpot-Signature": second, "X-HubSpot-Signature-Version": "v2"}
    assert judge("hubspot", knock(first)) is judge("hubspot", knock(newer)) is Verdict.GENUINE
    forged = {**first, "X-HubSpot-Signature-v3": "x", "X-HubSpot-Request-Timestamp": "1780000000000"}
    assert judge("hubspot", knock(forged)) is Verdict.FORGED


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        (make_token({"exp": NOW - 61}), Verdict.STALE),
        (make_token({"nbf": NOW + 61}), Verdict.STALE),
        (make_token({"iss": "somebody"}), Verdict.FORGED),
        (make_token({"exp": "soon"}), Verdict.FORGED),
        ({"Authorization": "Bearer " + jwt.encode({"iss": "atlassian"}, LONG)}, Verdict.FORGED),
        ({"Authorization": "Bearer " + jwt.encode({"exp": NOW + 9}, None, algorithm="none")}, Verdict.FORGED),
        (make_token(algorithm="HS384"), Verdict.FORGED),
    ],
)
def test_a_token_must_expire_and_be_signed_as_the_source_says(headers: dict[str, str], verdict: Verdict) -> None:
    assert judge("jwt", knock(headers), LONG, algorithms="HS256", issuer="atlassian") is verdict


def test_a_public_key_is_no_shared_secret() -> None:
    import base64
    import hashlib
    import hmac

    parts = [json.dumps(one).encode() for one in ({"alg": "HS256", "typ": "JWT"}, {"exp": NOW + 9})]
    head = b".".join(base64.urlsafe_b64encode(one).rstrip(b"=") for one in parts)
    mark = base64.urlsafe_b64encode(hmac.new(PUBLIC.encode(), head, hashlib.sha256).digest()).rstrip(b"=")
    headers = {"Authorization": f"Bearer {(head + b'.' + mark).decode()}"}
    assert judge("jwt", knock(headers), PUBLIC, algorithms="RS256 HS256") is Verdict.FORGED


def test_a_certificate_counts_only_where_the_firm_names_it() -> None:
    named = knock({"X-Client-Certificate": "CN=webhook.api.concursolutions.com"})
    rule = {"header": "X-Client-Certificate"}
    fitting = "certificate:CN=webhook.api.concursolutions.com"
    assert judge("client_certificate", named, fitting, **rule) is Verdict.GENUINE
    assert judge("client_certificate", named, "certificate:CN=else", **rule) is Verdict.FORGED
    assert judge("client_certificate", named, "CN=webhook.api.concursolutions.com", **rule) is Verdict.UNSIGNED


@pytest.mark.parametrize(
    ("states", "verdict"),
    [
        ([SECRET], Verdict.GENUINE),
        ([SECRET, SECRET], Verdict.GENUINE),
        ([SECRET, "x"], Verdict.FORGED),
        ([None], Verdict.FORGED),
        ([], Verdict.FORGED),
    ],
)
def test_every_notification_of_graph_carries_the_state_of_its_subscription(states: list[Any], verdict: Verdict) -> None:
    body = json.dumps({"value": [{"clientState": state} for state in states]}).encode()
    assert judge("client_state", knock({}, body)) is verdict


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"value": 1}', b'{"value": [1]}', b"[" * 100_000])
def test_a_body_without_a_state_is_not_signed(body: bytes) -> None:
    assert judge("client_state", knock({}, body)) is Verdict.UNSIGNED


def test_an_organization_of_15_characters_is_the_one_of_18() -> None:
    body = b"<OrganizationId>00D5g000007AbCdEAK</OrganizationId>"
    assert judge("organization", knock({}, body), "00D5g000007AbCd") is Verdict.GENUINE
    assert judge("organization", knock({}, body), "00D5g000007AbCe") is Verdict.FORGED
    both = body + body.replace(b"AbCd", b"AbCe")
    assert judge("organization", knock({}, both), "00D5g000007AbCd") is Verdict.FORGED
    assert judge("organization", knock({}, b"<x/>"), "00D5g000007AbCd") is Verdict.UNSIGNED


def test_one_of_several_verifiers_is_enough() -> None:
    either = Verifiers([CheckRule("jira"), CheckRule("header", {"name": "X-Secret"})])
    assert either.verify(knock({"X-Secret": SECRET}), [SECRET]) is Verdict.GENUINE
    assert either.verify(knock({"X-Hub-Signature": "x"}), [SECRET]) is Verdict.FORGED


@pytest.mark.reference
@pytest.mark.skipif(not VECTORS.is_file(), reason="no reference material beside the project")
def test_the_vectors_of_the_vendors_fit() -> None:
    tried = 0
    for vector in json.loads(VECTORS.read_text(encoding="utf-8")):
        body = vector.get("body", "").encode()
        if "body_file" in vector:
            path = VECTORS.parent / vector["body_file"].split(" ")[0]
            if not path.is_file():
                continue
            body = path.read_bytes()
        headers = {vector["header"]: vector["signature"]}
        if "timestamp" in vector:
            headers[vector["timestamp_header"]] = vector["timestamp"]
        headers["X-HubSpot-Signature-Version"] = vector["scheme"]
        at_s = int(vector.get("timestamp", 0)) / 1000
        request = knock(headers, body, method=vector.get("method", "POST"), url=vector.get("url", ""), now_s=at_s)
        assert judge(vector["system"], request, vector["secret"]) is Verdict.GENUINE, vector["scheme"]
        tried += 1
    assert tried >= 5
