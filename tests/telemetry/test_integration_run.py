"""A run is one trace and one correlation id, over process borders; its failures are told."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from opentelemetry import baggage as otel_baggage
from opentelemetry import trace
from opentelemetry.propagate import extract
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from billtrail.errors import DeliveryError, SettingsError
from billtrail.telemetry import Delivery, SeededIds, Telemetry, configure, integration_run
from simulator.services.server import ServiceServer
from tests.simulator.receiver import Receiver

AT = datetime(2026, 8, 3, 9, tzinfo=UTC)


class Still:
    """A clock that stands still."""

    def now(self) -> datetime:
        return AT


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def telemetry(receiver: Receiver) -> Iterator[Telemetry]:
    with configure("hub", receiver.url, clock=Still(), ids=SeededIds("t"), is_global=False) as telemetry:
        yield telemetry


async def _echo(request: Request) -> Response:
    context = extract(request.headers)
    correlation_id = otel_baggage.get_baggage("billtrail.correlation_id", context)
    return JSONResponse({"correlation_id": correlation_id, "traceparent": request.headers.get("traceparent")})


@pytest.fixture
def called_system() -> Iterator[str]:
    with ServiceServer(Starlette(routes=[Route("/echo", _echo)]), "echo") as server:
        yield server.url


def test_the_correlation_id_is_on_every_span_and_in_every_called_system(
    receiver: Receiver, telemetry: Telemetry, called_system: str
) -> None:
    client = httpx.Client(base_url=called_system)
    telemetry.instrument(client)
    with integration_run(
        "time-export", system="psa", objects=["psa:project:P-9", "crm:contract:800"], telemetry=telemetry
    ) as run:
        with run.step("post", run.key("time_entry", "TE-77")):
            echoed = client.get("/echo").json()
        event = run.emit("time.approved", subject=run.key("time_entry", "TE-77"))
    client.close()
    telemetry.flush()

    spans = {span.name: span for span in receiver.spans}
    assert set(spans) == {"time-export", "post", "GET"}
    assert {span.attributes["billtrail.correlation_id"] for span in spans.values()} == {run.correlation_id}
    assert {span.attributes["billtrail.system"] for span in spans.values()} == {"psa"}
    assert spans["time-export"].attributes["billtrail.object.project"] == "P-9"
    assert spans["time-export"].attributes["billtrail.object.contract"] == "crm:contract:800"
    assert spans["post"].attributes["billtrail.object.time_entry"] == "TE-77"
    assert spans["GET"].parent_id == spans["post"].span_id
    assert echoed["correlation_id"] == run.correlation_id == "time-export-000001"
    assert echoed["traceparent"] == f"00-{spans['GET'].trace_id}-{spans['GET'].span_id}-01"
    assert event.traceparent == f"00-{spans['GET'].trace_id}-{spans['time-export'].span_id}-01"
    assert receiver.events == [event.to_cloudevent()]


def test_spans_of_instrumented_libraries_are_in_the_time_of_the_clock(
    receiver: Receiver, telemetry: Telemetry, called_system: str
) -> None:
    client = httpx.Client(base_url=called_system)
    telemetry.instrument(client)
    with integration_run("late", system="psa", telemetry=telemetry) as run:
        client.get("/echo")
        run.emit("time.approved")
    client.close()
    telemetry.flush()
    at_ns = int(AT.timestamp()) * 1_000_000_000
    assert {(span.start_ns, span.end_ns) for span in receiver.spans} == {(at_ns, at_ns)}
    assert receiver.events[0]["time"] == "2026-08-03T09:00:00.000Z"


def test_a_failure_is_recorded_classified_and_told(receiver: Receiver, telemetry: Telemetry) -> None:
    with pytest.raises(TimeoutError), integration_run("time-export", system="psa", telemetry=telemetry):
        raise TimeoutError("no answer")
    telemetry.flush()
    (span,) = receiver.spans
    assert span.status == trace.StatusCode.ERROR.value
    assert span.attributes["billtrail.error_category"] == "timeout"
    assert [(name, at_ns, told["exception.type"]) for name, at_ns, told in span.events] == [
        ("exception", span.start_ns, "TimeoutError")
    ]
    (event,) = receiver.events
    assert event["type"] == "integration.failed"
    assert event["data"] == {
        "system": "psa",
        "outcome": "failure",
        "error_category": "timeout",
        "attributes": {"run": "time-export", "message": "TimeoutError: no answer"},
    }


def test_a_correlation_id_is_taken_over_from_the_call_that_set_the_run_off(
    receiver: Receiver, telemetry: Telemetry
) -> None:
    headers = {
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "baggage": "billtrail.correlation_id=run-from-afar",
    }
    with integration_run("webhook", system="psa", headers=headers, telemetry=telemetry) as run:
        pass
    telemetry.flush()
    assert run.correlation_id == "run-from-afar"
    assert receiver.spans[0].trace_id == "0af7651916cd43dd8448eb211c80319c"
    assert receiver.spans[0].parent_id == "b7ad6b7169203331"


def test_a_run_within_a_run_shares_its_correlation_id(telemetry: Telemetry) -> None:
    with (
        integration_run("outer", system="psa", telemetry=telemetry) as outer,
        integration_run("inner", system="erp", telemetry=telemetry) as inner,
    ):
        assert inner.correlation_id == outer.correlation_id


def test_events_are_delivered_before_the_run_ends(receiver: Receiver, telemetry: Telemetry) -> None:
    with integration_run("time-export", system="psa", telemetry=telemetry) as run:
        run.emit("time.approved")
    assert len(receiver.events) == 1


def test_a_collector_that_refuses_fails_the_run_without_blaming_the_integration(
    receiver: Receiver, telemetry: Telemetry
) -> None:
    receiver.refusals.append((401, {}))
    with pytest.raises(DeliveryError), integration_run("time-export", system="psa", telemetry=telemetry) as run:
        run.emit("time.approved")
    telemetry.flush()
    assert [event["type"] for event in receiver.events] == ["time.approved"]
    assert receiver.spans[0].status == trace.StatusCode.UNSET.value


def test_spans_that_nobody_took_are_reported() -> None:
    telemetry = configure("hub", "http://127.0.0.1:9", delivery=Delivery(timeout_s=0.1), is_global=False)
    with integration_run("time-export", system="psa", telemetry=telemetry):
        pass
    with pytest.raises(DeliveryError, match="1 spans were not taken"):
        telemetry.close()


def test_a_global_configuration_serves_plain_code(receiver: Receiver, called_system: str) -> None:
    with configure("hub", receiver.url), integration_run("plain", system="psa") as run:
        httpx.get(f"{called_system}/echo")
    assert {span.name for span in receiver.spans} == {"plain", "GET"}
    assert {span.attributes["billtrail.correlation_id"] for span in receiver.spans} == {run.correlation_id}
    with pytest.raises(SettingsError, match="no telemetry is configured"), integration_run("plain", system="psa"):
        pass


def test_an_event_can_be_taken_back(receiver: Receiver, telemetry: Telemetry) -> None:
    with integration_run("time-export", system="psa", telemetry=telemetry) as run:
        told = run.emit("time.posted", system="erp", subject="erp:time_entry:49")
        run.withdraw(told)
    withdrawal = receiver.events[1]
    assert withdrawal["type"] == "event.withdrawn"
    assert withdrawal["source"] == told.source
    assert withdrawal["data"]["source"] == "/erp"
    assert withdrawal["data"]["event_id"] == told.id


def test_a_run_about_several_records_of_one_type_names_them_all(receiver: Receiver, telemetry: Telemetry) -> None:
    objects = ["crm:contract:800", "psa:contract:801"]
    with integration_run("invoicing", system="psa", objects=objects, telemetry=telemetry):
        pass
    telemetry.flush()
    (span,) = receiver.spans
    named = span.attributes["billtrail.object.contract"]
    assert [one.string_value for one in named.values] == ["crm:contract:800", "801"]
