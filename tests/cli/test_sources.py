"""`billtrail sources test|init|list`: a payload, what it becomes, a new source, with no platform running."""

import json
import shutil
from pathlib import Path

from tests.cli.terminal import ROOT, type_words

SAMPLES = ROOT / "collector" / "sources"
OTLP = """{"resourceSpans": [{"scopeSpans": [{"spans": [{
  "traceId": "0cda0930cbf01126b91402861dbffc74", "spanId": "38d96ac87afdbbe1", "name": "flow",
  "startTimeUnixNano": "1775120400000000000", "endTimeUnixNano": "1775120400141000000",
  "attributes": [{"key": "billtrail.event", "value": {"stringValue": "invoice.issued"}},
                 {"key": "billtrail.subject", "value": {"stringValue": "erp:invoice:7"}}]}]}]}]}"""


def test_what_each_payload_becomes_is_said_and_nothing_is_left_behind(tmp_path: Path) -> None:
    folder = tmp_path / "payloads"
    folder.mkdir()
    for name in ("milestone-approved", "unknown-type", "timesheet-submitted"):
        sample = SAMPLES / "kantata" / "samples" / f"in-{name}.json"
        (folder / f"{name}.json").write_text(sample.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "broken.json").write_text('{"id":', encoding="utf-8")
    said = type_words("sources", "test", "kantata", "payloads", cwd=tmp_path)
    assert (said.code, said.err.splitlines()) == (1, ["broken.json is refused", "unknown-type.json is refused"])
    assert "milestone.approved" in said.out
    assert "4 payloads: 2 events, 0 ignored, 2 refused" in said.out
    assert [path.name for path in tmp_path.iterdir()] == ["payloads"]


def test_samples_become_what_they_say_or_the_command_fails(tmp_path: Path) -> None:
    folder = tmp_path / "samples"
    shutil.copytree(SAMPLES / "kantata" / "samples", folder)
    said = type_words("sources", "test", "kantata", "samples", cwd=tmp_path)
    assert (said.code, said.err) == (0, "")
    assert f"{len(list(folder.glob('in-*')))} payloads" in said.out
    answer = folder / "out-milestone-approved.json"
    answer.write_text(answer.read_text(encoding="utf-8").replace("milestone.approved", "milestone.done"))
    said = type_words("sources", "test", "kantata", "samples", "--json", cwd=tmp_path)
    assert (said.code, said.err.strip()) == (
        1,
        "in-milestone-approved.json does not become what out-milestone-approved.json says",
    )


def test_rows_and_spans_are_payloads_too(tmp_path: Path) -> None:
    folder = tmp_path / "payloads"
    folder.mkdir()
    (folder / "rows.csv").write_text("billtrail.event;name\n1;2\n")
    (folder / "silent.json").write_text(OTLP.replace("billtrail.", "else."))
    (folder / "spans.json").write_text(OTLP)
    tried = type_words("sources", "test", "middleware", "payloads", "--json", cwd=tmp_path).json
    told = [(one["file"], one["outcome"], one.get("event", {}).get("type", "")) for one in tried]
    assert told == [
        ("rows.csv", "refused", ""),
        ("spans.json", "event", "invoice.issued"),
        ("silent.json", "ignored", ""),
    ]


def test_a_new_source_begins_with_a_payload_and_can_be_tried_at_once(tmp_path: Path) -> None:
    payload = {"eventType": "deal.won", "eventId": "7", "objectId": "D-1", "occurredAt": "2026-04-30T09:00:00Z"}
    (tmp_path / "deal.json").write_text(json.dumps(payload))
    said = type_words("sources", "init", "my_crm", "deal.json", cwd=tmp_path)
    assert said.code == 0, said.err
    assert "billtrail sources test sources/my_crm deal.json" in said.out
    tried = type_words("sources", "test", "sources/my_crm", "deal.json", "--json", cwd=tmp_path).json
    assert [one["event"]["time"] for one in tried] == ["2026-04-30T09:00:00.000Z"]
    again = type_words("sources", "init", "my_crm", "deal.json", cwd=tmp_path)
    assert (again.code, "is there already" in again.err) == (2, True)
    listed = type_words("sources", "list", "--all", "--json", cwd=tmp_path, BILLTRAIL_COLLECTOR_SOURCES_DIR="sources")
    states = {row["source"]: row["state"] for row in listed.json}
    assert (states["/my_crm"], states["/kantata"]) == ("not heard of", "not heard of")


def test_the_doctor_names_secrets_that_are_not_there_and_says_none(tmp_path: Path) -> None:
    (tmp_path / "billtrail.toml").write_text(
        '[collector.sources.jira]\nsecrets = ["env:NO_SUCH_SECRET", "hush"]\n'
        '[collector.sources.kantata]\ncredentials = {access_token = "file:nowhere"}\n'
    )
    said = type_words("doctor", "--json", cwd=tmp_path)
    found = {one["check"]: (one["state"], one["detail"]) for one in said.json if one["check"].startswith("secrets")}
    assert found["secrets of jira"] == (
        "warning",
        "collector.sources.jira.secrets[0]: env:NO_SUCH_SECRET is empty here",
    )
    assert found["secrets of kantata"][0] == "warning"
    assert "nowhere" in found["secrets of kantata"][1]
    assert (len(found), "hush" in said.out) == (2, False)


def test_mistakes_are_answered_with_the_next_step(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    cases = {
        ("test", "kantta", "empty"): "did you mean kantata?",
        ("test", "kantata", "empty"): "put files there that end in .json",
        ("init", "My CRM", "nowhere"): "lower case letters",
    }
    for words, hint in cases.items():
        said = type_words("sources", *words, cwd=tmp_path)
        assert said.code == 2, words
        assert hint in said.err
        assert "Traceback" not in said.err
