"""Commands at the doors of a platform that speaks TLS and knows its tokens by their hashes."""

import hashlib
import ssl
import subprocess
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from billtrail.cli.door import find_own_token, trust
from billtrail.errors import SettingsError
from collector.settings import CollectorSettings
from tests.cli.terminal import staying, type_words, wait_for_line
from tests.support.certificate import make_certificate

HASH = f"sha256:{hashlib.sha256(b'secret').hexdigest()}"
LOG = Path(__file__).parent / "samples" / "one_contract.json"


def settings(*tokens: str, **more: object) -> CollectorSettings:
    return CollectorSettings(tokens=tuple(SecretStr(token) for token in tokens), **more)


def test_the_first_token_that_opens_the_door_is_shown(tmp_path: Path) -> None:
    assert find_own_token(settings("psa:events=a", HASH, "hub:import+logs=b==", "c")) == "b=="
    assert find_own_token(settings("psa:events=a", "c2VjcmV0==")) == "c2VjcmV0=="
    file = tmp_path / "tokens"
    file.write_text(f"# ours=no\n\npsa={HASH}\nops:import=filed\n", encoding="utf-8")
    assert find_own_token(settings(tokens_file=file)) == "filed"
    assert find_own_token(settings(HASH, command_token=SecretStr("own"))) == "own"


def test_where_there_are_only_hashes_the_way_out_is_named() -> None:
    with pytest.raises(SettingsError) as caught:
        find_own_token(settings(HASH, "psa:events=a"))
    assert "BILLTRAIL_COLLECTOR_COMMAND_TOKEN" in caught.value.hint


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"collector\.tls_cert"):
        trust(CollectorSettings(tls_cert=tmp_path / "none.pem", tls_key=tmp_path / "none.pem"))


def test_commands_work_through_tls_and_with_hashed_tokens(tmp_path: Path) -> None:
    cert, key = make_certificate(tmp_path, name="billtrail.example")
    lines = [f'tokens = ["ops={HASH}"]', f'tls_cert = "{cert}"', f'tls_key = "{key}"']
    (tmp_path / "billtrail.toml").write_text("[collector]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    with staying("up", "--no-dashboards", "--http-port", "0", "--read-port", "0", cwd=tmp_path) as process:
        wait_for_line(process, "Ctrl-C stops it")
        said = type_words("import", str(LOG), "--source", "crm", "--json", cwd=tmp_path)
        assert (said.code, "BILLTRAIL_COLLECTOR_COMMAND_TOKEN" in said.err) == (2, True)
        known = {"BILLTRAIL_COLLECTOR_COMMAND_TOKEN": "secret"}
        assert type_words("import", str(LOG), "--source", "crm", "--json", cwd=tmp_path, **known).json["events"] == 3
        assert type_words("replay", "--json", cwd=tmp_path, **known).json["replayed"] == 0
        checks = {one["check"]: one["state"] for one in type_words("doctor", "--json", cwd=tmp_path).json}
        assert checks["platform: store"] == "ok"


def test_only_this_certificate_is_trusted(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (cert, key), (other, _) = make_certificate(tmp_path), make_certificate(tmp_path / "other")
    command = ["openssl", "s_server", "-accept", "0", "-cert", str(cert), "-key", str(key), "-www"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            line = next(line for line in server.stdout if line.startswith("ACCEPT"))
            url = f"https://127.0.0.1:{line.split(':')[-1].strip()}"
            trusted = {path: trust(CollectorSettings(tls_cert=path, tls_key=key)) for path in (cert, other)}
            assert isinstance(trusted[cert], ssl.SSLContext)
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE"):
                httpx.get(url, verify=trusted[other])
            assert httpx.get(url, verify=trusted[cert]).status_code == 200
        finally:
            server.terminate()
