"""The samples of the CloudEvents conformance suite, in every mode, and its HTTP scenarios byte for byte on the wire."""

import json
import re
import socket
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from collector.receive.cloudevents import read_events
from collector.receive.refusal import Refusal
from tests.collector.conftest import BATCH, Running

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "logs" / "cloudevents-conformance"
STRUCTURED = {"content-type": "application/cloudevents+json"}
REQUIRED = ("specversion", "id", "source", "type")

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not FOLDER.exists(), reason="no reference material beside the project"),
]


def find_samples() -> list[Any]:
    """Find every sample as its attributes, all of them texts, and its data."""
    samples = []
    for path in sorted(FOLDER.glob("*.yaml")):
        for place, one in enumerate(yaml.load_all(path.read_text(encoding="utf-8"), yaml.BaseLoader)):
            attributes = one["ContextAttributes"]
            attributes |= attributes.pop("Extensions", {})
            samples.append(pytest.param(attributes, one.get("Data", ""), id=f"{path.stem}-{place}"))
    return samples


def write_requests(attributes: dict[str, str], data: str) -> list[tuple[dict[str, str], bytes]]:
    """Write an event in each mode: binary, structured, batch."""
    headers = {f"ce-{name}": value for name, value in attributes.items() if name != "datacontenttype"}
    if "datacontenttype" in attributes:
        headers["content-type"] = attributes["datacontenttype"]
    event = {**attributes, "data": read_data(attributes, data)}
    body = json.dumps(event).encode()
    return [(headers, data.encode()), (STRUCTURED, body), (BATCH, b"[" + body + b"," + body + b"]")]


def read_data(attributes: dict[str, str], data: str) -> Any:
    """Read the data as its content type says; without one it is JSON."""
    return json.loads(data or "null") if "json" in attributes.get("datacontenttype", "json") else data


@pytest.mark.parametrize(("attributes", "data"), find_samples())
def test_a_sample_is_taken_in_every_mode_or_refused_in_every_mode(attributes: dict[str, str], data: str) -> None:
    missing = [name for name in REQUIRED if name not in attributes]
    is_whole = not missing and attributes["specversion"] == "1.0"
    for headers, body in write_requests(attributes, data):
        if is_whole:
            kept = [json.loads(one) for one in read_events(headers, body, 2)]
            assert kept == [{**attributes, "data": read_data(attributes, data)}] * (1 + (headers is BATCH))
        else:
            with pytest.raises(Refusal) as caught:
                read_events(headers, body, 2)
            assert caught.value.status == 400
            assert caught.value.where.split(".")[-1] in {*missing, "specversion"}


def test_the_samples_are_of_both_kinds() -> None:
    versions = [sample.values[0].get("specversion") for sample in find_samples()]
    assert (versions.count("1.0") > 20, versions.count("0.3"), None in versions) == (True, 7, True)


def find_scenarios() -> list[Any]:
    """Find the HTTP scenarios: the request as it is on the wire, the attributes and the data it means."""
    found = []
    path = FOLDER / "features_http-protocol-binding.feature"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for scenario in re.split(r"Scenario Outline: ", text)[1:]:
        request, data = (dedent(one).strip("\n") for one in re.findall(r'"""\n(.*?)\n *"""', scenario, re.DOTALL))
        rows = re.findall(r"^ *\| *(.*?) *\| *(.*?) *\|$", scenario, re.MULTILINE)
        for kind in re.findall(r"^ *\| *([^|]*/[^|]*?) *\|$", scenario, re.MULTILINE):
            meant = {key: value.replace("<contentType>", kind) for key, value in rows if key != "key"}
            wire = request.replace("<contentType>", kind).replace("/someresource", "/v1/events")
            head, _, body = wire.partition("\n\n")
            wire = head.replace("\n", "\r\n") + "\r\n\r\n" + body
            found.append((wire.encode(), meant | {"data": json.loads(data)}))
    return found


def test_the_http_scenarios_are_understood_byte_for_byte(running: Running) -> None:
    scenarios = find_scenarios()
    assert len(scenarios) == 4
    for wire, meant in scenarios:
        with socket.create_connection(("127.0.0.1", running.collector.http_port), timeout=60) as connection:
            connection.sendall(wire)
            assert connection.recv(4096).startswith(b"HTTP/1.1 204 ")
        running.drain()
        [row] = running.store.query("SELECT body FROM raw_events ORDER BY segment DESC LIMIT 1")
        assert json.loads(row["body"]) == meant
