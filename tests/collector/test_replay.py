"""Dead letters go back through the journal: once, noted, audited; what cannot go back says so."""

import base64
import json
from datetime import timedelta
from typing import Any

from billtrail.clock import SystemClock
from billtrail.model.vocabulary import DeadLetterReason
from collector.journal import encode_bodies
from collector.replay import Choice, ReplayReport, ReplayWish, replay
from tests.collector.conftest import Running, make_event
from tests.collector.test_load_spans import make_request

NOW = SystemClock().now()


def keep(running: Running, id: str, body: str, **changes: Any) -> None:
    row: dict[str, Any] = {
        "dead_letter_id": id,
        "door": "cloudevents",
        "source": "/psa",
        "reason": "unknown_type",
        "detail": "old",
    }
    row |= {"received_at": NOW - timedelta(hours=1), "body": body, "replayed_at": None, "version": 7}
    running.store.insert("dead_letter_rows", [row | changes])


def ask(running: Running, *, applies: bool = True, **choice: Any) -> ReplayReport:
    intake = running.collector.intake
    wish = ReplayWish(choice=Choice(**choice), applies=applies, actor="ada", why="mended")
    report = replay(running.store, {"events": intake.events, "traces": intake.traces}, SystemClock(), wish)
    running.drain()
    return report


def ids(running: Running) -> list[str]:
    return [row["event_id"] for row in running.store.query("SELECT event_id FROM events ORDER BY event_id")]


def test_a_record_that_now_fits_appears_once(running: Running) -> None:
    keep(running, "events-7-0-0", json.dumps(make_event(1)))
    keep(running, "events-7-0-1", json.dumps(make_event(2)))
    told = ask(running, applies=False)
    assert (told.replayed, told.by_reason, told.by_source) == (2, {"unknown_type": 2}, {"/psa": 2})
    assert (ids(running), running.store.query("SELECT * FROM audit_log")) == ([], [])
    assert ask(running).replayed == 2
    assert ids(running) == ["ev-1", "ev-2"]
    assert ask(running).replayed == 0
    assert ids(running) == ["ev-1", "ev-2"]
    letters = running.store.query("SELECT replayed_at FROM dead_letters")
    assert len(letters) == 2
    assert all(letter["replayed_at"] >= NOW for letter in letters)
    [audited] = running.store.query("SELECT actor, action, reason, details FROM audit_log")
    assert (audited["actor"], audited["action"], audited["reason"]) == ("ada", "replay", "mended")
    assert json.loads(audited["details"])["replayed"] == 2


def test_letters_are_chosen_by_reason_source_time_and_id(running: Running) -> None:
    keep(running, "events-7-0-0", "a", reason="invalid_time", source="/crm")
    keep(running, "events-7-0-1", "b", received_at=NOW - timedelta(days=3))
    keep(running, "events-7-0-2", "c")
    chosen: list[tuple[dict[str, Any], int]] = [
        ({}, 3),
        ({"reason": DeadLetterReason.INVALID_TIME}, 1),
        ({"source": "/psa"}, 2),
        ({"since": NOW - timedelta(days=1)}, 2),
        ({"until": NOW - timedelta(days=1)}, 1),
        ({"ids": ("events-7-0-2", "events-7-0-9")}, 1),
        ({"source": "/crm", "ids": ("events-7-0-2",)}, 0),
    ]
    for choice, count in chosen:
        assert ask(running, applies=False, **choice).replayed == count, choice


def test_a_crash_before_the_note_doubles_nothing(running: Running) -> None:
    request = make_request("again")[0].SerializeToString()
    keep(running, "events-7-0-0", json.dumps(make_event(1)))
    keep(running, "traces-7-0", base64.b64encode(request).decode(), door="otlp_http", reason="unreadable")
    assert ask(running).replayed == 2
    running.store.command("TRUNCATE TABLE dead_letter_rows")
    keep(running, "events-7-0-0", json.dumps(make_event(1)))
    keep(running, "traces-7-0", base64.b64encode(request).decode(), door="otlp_http", reason="unreadable")
    assert ask(running).replayed == 2
    assert ids(running) == ["ev-1"]
    assert running.store.query("SELECT SpanName, count() AS n FROM spans GROUP BY 1") == [{"SpanName": "again", "n": 1}]


def test_a_whole_frame_goes_back_as_it_was(running: Running) -> None:
    bodies = [json.dumps(make_event(number)).encode() for number in range(3)]
    keep(running, "events-7-4", base64.b64encode(encode_bodies(bodies)).decode())
    assert ask(running).replayed == 1
    assert ids(running) == ["ev-0", "ev-1", "ev-2"]


def test_what_cannot_go_back_is_named_and_left(running: Running) -> None:
    request, span = make_request()
    span.trace_id = b""
    running.client.post(
        "/v1/traces", content=request.SerializeToString(), headers={"content-type": "application/x-protobuf"}
    )
    running.drain()
    keep(running, "events-7-bytes-100", "AAAA")
    keep(running, "events-7-1", "no base64!")
    report = ask(running)
    assert report.replayed == 0
    assert report.unusable == len(report.first_unusable) >= 2
    assert running.store.query("SELECT count() AS n FROM dead_letters WHERE replayed_at IS NOT NULL") == [{"n": 0}]


def test_a_record_that_still_does_not_fit_is_a_new_letter(running: Running) -> None:
    keep(running, "events-7-0-0", "{}")
    assert ask(running).replayed == 1
    letters = running.store.query("SELECT dead_letter_id, replayed_at IS NULL AS is_open FROM dead_letters")
    assert sorted(letter["is_open"] for letter in letters) == [0, 1]
