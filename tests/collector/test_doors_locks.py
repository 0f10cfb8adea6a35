"""Tokens with scopes, hashed, in a file that changes; TLS by file; senders that take for ever."""

import hashlib
import os
import socket
import ssl
from pathlib import Path

import grpc
import httpx
import pytest
from pydantic import SecretStr, ValidationError

from billtrail.errors import SettingsError
from collector.receive.auth import Gate
from collector.receive.refusal import Refusal
from collector.settings import CollectorSettings
from tests.collector.conftest import Start, make_event
from tests.support.certificate import make_certificate

HASH = f"sha256:{hashlib.sha256(b'secret').hexdigest()}"
LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"


def make_gate(*tokens: str, file: Path | None = None) -> Gate:
    return Gate([SecretStr(token) for token in tokens], file)


def find_status(gate: Gate, token: str, scope: str = "events") -> int:
    try:
        gate.admit(f"Bearer {token}", scope)
    except Refusal as refusal:
        return refusal.status
    return 200


@pytest.mark.parametrize(
    ("written", "source"),
    [("secret", ""), ("psa=secret", "psa"), (HASH, ""), (f"psa={HASH}", "psa"), (f"psa:events+logs={HASH}", "psa")],
)
def test_a_token_is_known_plain_or_by_its_hash(written: str, source: str) -> None:
    gate = make_gate("other", written)
    assert gate.admit("Bearer secret") == source
    assert find_status(gate, "wrong") == 401
    assert find_status(gate, HASH) == 401


def test_a_token_that_ends_in_equals_signs_is_whole() -> None:
    assert make_gate("psa=c2VjcmV0cw==").admit("Bearer c2VjcmV0cw==") == "psa"
    assert make_gate("c2VjcmV0cw==").admit("Bearer c2VjcmV0cw==") == ""


def test_a_token_opens_the_doors_it_is_for() -> None:
    gate = make_gate("psa:events+traces=secret", "all")
    wanted = {"events": 200, "traces": 200, "logs": 403, "import": 403}
    assert {scope: find_status(gate, "secret", scope) for scope in wanted} == wanted
    assert {find_status(gate, "all", scope) for scope in wanted} == {200}


@pytest.mark.parametrize("written", ["psa:evnts=secret", "psa=sha256:12", "psa=sha256:" + "x" * 64])
def test_a_token_nobody_can_use_is_refused_and_not_repeated(written: str) -> None:
    with pytest.raises(SettingsError) as caught:
        make_gate(written)
    assert "secret" not in str(caught.value)
    assert "x" * 64 not in str(caught.value)


def test_tokens_change_with_their_file(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text("# the PSA\npsa=first\n", encoding="utf-8")
    gate = make_gate("fixed", file=file)
    assert gate.admit("Bearer first") == "psa"
    aside = tmp_path / "aside"
    aside.write_text("psa=second\n", encoding="utf-8")
    aside.replace(file)
    assert [find_status(gate, token) for token in ("first", "second", "fixed")] == [401, 200, 200]
    file.write_text("psa:nowhere=third\n", encoding="utf-8")
    assert [find_status(gate, token) for token in ("second", "third")] == [200, 401]
    file.unlink()
    assert find_status(gate, "second") == 200


def test_an_empty_file_lets_nobody_in_and_a_missing_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokens").touch()
    assert find_status(make_gate(file=tmp_path / "tokens"), "any") == 401
    with pytest.raises(SettingsError, match=r"collector\.tokens_file"):
        make_gate(file=tmp_path / "none")


def test_every_door_asks_for_its_own_scope(start: Start) -> None:
    running = start(tokens=("psa:events=secret",))
    running.client.headers["authorization"] = "Bearer secret"
    assert running.send(make_event()).status_code == 204
    for path in ("/v1/traces", "/v1/logs"):
        assert running.client.post(path, json={}).status_code == 403
    address = f"127.0.0.1:{running.collector.grpc_port}"
    with grpc.insecure_channel(address) as channel, pytest.raises(grpc.RpcError) as caught:
        channel.unary_unary(LOGS)(b"", metadata=(("authorization", "Bearer secret"),), timeout=30)
    assert caught.value.code() is grpc.StatusCode.PERMISSION_DENIED


def test_both_doors_speak_tls(start: Start, tmp_path: Path) -> None:
    cert, key = make_certificate(tmp_path)
    running = start(tls_cert=cert, tls_key=key)
    url = f"https://127.0.0.1:{running.collector.http_port}/v1/traces"
    answer = httpx.post(url, json={}, verify=ssl.create_default_context(cafile=os.fspath(cert)))
    assert answer.status_code == 200
    trust = grpc.ssl_channel_credentials(cert.read_bytes())
    with grpc.secure_channel(f"localhost:{running.collector.grpc_port}", trust) as channel:
        assert channel.unary_unary(LOGS)(b"", timeout=30) == b""


def test_half_of_tls_is_refused(start: Start, tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="go together"):
        CollectorSettings(tls_cert=tmp_path / "cert.pem")
    with pytest.raises(SettingsError, match="tls_cert"):
        start(tls_cert=tmp_path / "cert.pem", tls_key=tmp_path / "key.pem")


@pytest.mark.parametrize("path", ["/v1/traces", "/v1/events"])
def test_a_sender_that_takes_for_ever_is_cut(start: Start, path: str) -> None:
    running = start(receive_seconds=0.2)
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n"
    with socket.create_connection(("127.0.0.1", running.collector.http_port), timeout=20) as sender:
        sender.sendall(head.encode() + b"{")
        answer = b""
        while part := sender.recv(4096):
            answer += part
    assert answer.startswith(b"HTTP/1.1 503")
    assert b"retry-after: 5" in answer.lower()
