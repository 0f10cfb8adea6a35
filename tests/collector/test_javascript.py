"""Spans of the OpenTelemetry JavaScript SDK, installed from npm at pinned versions into a cache of its own."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.collector.conftest import Running

EXPORTERS = "0.223.1"
PACKAGES = [
    "@opentelemetry/api@1.9.0",
    "@opentelemetry/sdk-trace-node@2.12.0",
    *(f"@opentelemetry/exporter-trace-otlp-{kind}@{EXPORTERS}" for kind in ("proto", "http", "grpc")),
]
SCRIPT = Path(__file__).with_name("otel_sdk.mjs")
INSTALL_S = 150


@pytest.fixture(scope="session")
def modules() -> Path:
    """The folder the packages are installed in; skips where they cannot be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("!! the JavaScript SDK was NOT tried: there is no node or no npm on this machine")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "billtrail-tests"
    folder = cache / f"otel-js-{hashlib.sha256(' '.join(PACKAGES).encode()).hexdigest()[:12]}"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=cache))
        command = [
            npm,
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
            os.fspath(aside),
            *PACKAGES,
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=INSTALL_S)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            shutil.rmtree(aside, ignore_errors=True)
            told = (error.stderr or b"").decode(errors="replace").strip()[-300:]
            pytest.skip(f"!! the JavaScript SDK was NOT tried: npm could not install it: {told or error}")
        if not folder.exists():
            aside.rename(folder)
    return folder


@pytest.mark.parametrize(
    ("kind", "compression"),
    [("proto", "none"), ("proto", "gzip"), ("http", "none"), ("http", "gzip"), ("grpc", "none")],
)
def test_a_span_of_the_javascript_sdk_is_found_whole(
    running: Running, modules: Path, kind: str, compression: str
) -> None:
    url = f"http://127.0.0.1:{running.collector.grpc_port}" if kind == "grpc" else f"{running.url}/v1/traces"
    environment = {"PATH": os.environ["PATH"], "COMPRESSION": compression, "OTEL_SERVICE_NAME": "hub"}
    done = subprocess.run(
        ["node", os.fspath(SCRIPT), kind, url],
        cwd=modules, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    running.drain()
    [row] = running.store.query("SELECT * FROM spans")
    assert (row["TraceId"], row["SpanName"], row["SpanKind"]) == (done.stdout.strip(), "sync", "Client")
    assert (row["StatusCode"], row["StatusMessage"], row["Events.Name"]) == ("Error", "no", ["exception"])
    assert (row["ScopeName"], row["ScopeVersion"], row["correlation_id"]) == ("lib", "1.2", "run-7")
    said = {key: row["SpanAttributes"][key] for key in ("text", "yes", "no", "zero", "whole", "half", "list")}
    assert said == {
        "text": "é", "yes": "true", "no": "false", "zero": "0", "whole": "42", "half": "0.5", "list": '["a","b"]',
    }  # fmt: skip
