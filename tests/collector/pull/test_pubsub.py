"""The subscriber against a Pub/Sub API on a real gRPC port, with real Avro."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from starlette.responses import JSONResponse, Response

from billtrail.errors import StoreError
from billtrail.store import Store
from collector.mapping.pull import Auth, PubSubPull
from collector.pull.authorize import ClientCredentials
from collector.pull.credentials import Credentials
from collector.pull.cursors import Cursors, Position
from collector.pull.desk import Desk
from collector.pull.pubsub import Subscriber
from collector.pull.reread import Rereader
from tests.collector.pull.conftest import Keeping, steady
from tests.collector.pull.salesforce import Api, make_change, position, running_api
from tests.collector.pull.vendor import Asked, Vendor
from tests.support.clock import NOON, SteppedClock

TOPIC = "/data/ContractChangeEvent"
STREAM = f"changes{TOPIC}"
CONTRACT = "800xx0000000001AAA"


@pytest.fixture
def api() -> Iterator[Api]:
    with running_api() as running:
        yield running


@pytest.fixture
def token(vendor: Vendor, api: Api, clock: SteppedClock) -> ClientCredentials:
    def answer(asked: Asked) -> Response:
        whose = {"instance_url": vendor.url, "id": "https://login.example/id/00Dxx0000000001/005xx01"}
        return JSONResponse({"access_token": api.token, **whose})

    vendor.usual = answer
    auth = Auth("oauth2", {"client_id": "id", "client_secret": "secret"}, {"token_url": f"{vendor.url}/token"})
    credentials = Credentials("crm", {"id": SecretStr("me"), "secret": SecretStr("hush")})
    return ClientCredentials(auth, credentials, clock)


Make = Callable[..., Subscriber]


@pytest.fixture
def make(desk: Desk, api: Api, token: ClientCredentials) -> Iterator[Make]:
    with httpx.Client(timeout=30) as client:

        def _make(at: Desk = desk, **rule: Any) -> Subscriber:
            given = PubSubPull("changes", api.address, (TOPIC,), Auth("oauth2", {}, {}), **rule)
            return Subscriber(at, given, TOPIC, token=token, client=client, backoff=steady())

        yield _make


@pytest.fixture
def rereader(desk: Desk, token: ClientCredentials) -> Iterator[Rereader]:
    with httpx.Client(timeout=30) as client:
        yield Rereader(desk, "changes", token, client, steady())


def headers(keeping: Keeping) -> list[dict[str, Any]]:
    return [body["payload"]["ChangeEventHeader"] for body in keeping.bodies]


def test_events_are_kept_in_order_with_the_names_of_what_changed(
    make: Make, api: Api, keeping: Keeping, desk: Desk
) -> None:
    api.add("e-1", make_change(CONTRACT, "0x0A", Status="Activated", Contract_Value__c=24000.0))
    api.add("e-2", make_change(CONTRACT, "4-0x02", number=2, BillingAddress={"City": "Bonn"}))
    api.add("e-3", make_change(CONTRACT, "0x22", "4-0x03", number=3))
    make().subscribe()
    assert [one["changedFields"] for one in headers(keeping)] == [
        ["Status", "Contract_Value__c"], ["BillingAddress.City"],
        ["Status", "Opportunity__c", "BillingAddress.Street", "BillingAddress.City"],
    ]  # fmt: skip
    first = keeping.bodies[0]
    assert (first["channel"], first["event"]) == (TOPIC, {"EventUuid": "e-1", "replayId": "AP8w"})
    assert first["payload"]["Status"] == "Activated"
    assert first["payload"]["Contract_Value__c"] == 24000.0
    assert first["payload"]["AccountId"] is None
    assert desk.cursors.find(STREAM) == Position("AP8y", NOON)


def test_the_vendor_is_shown_the_token_the_org_and_where_it_is(make: Make, api: Api, vendor: Vendor) -> None:
    make().subscribe()
    assert api.metadata == [{"accesstoken": "token-1", "instanceurl": vendor.url, "tenantid": "00Dxx0000000001"}]


def test_a_schema_is_asked_for_once(make: Make, api: Api) -> None:
    for number in range(6):
        api.add(f"e-{number}", make_change(CONTRACT, number=number))
    subscriber = make()
    subscriber.subscribe()
    subscriber.subscribe()
    assert api.schemas_asked == ["contract"]


def test_no_more_is_asked_for_than_there_is_room_for(make: Make, api: Api, keeping: Keeping) -> None:
    for number in range(23):
        api.add(f"e-{number}", make_change(CONTRACT, number=number))
    make(requested=4).subscribe()
    assert [one["sequenceNumber"] for one in headers(keeping)] == list(range(23))
    assert {one.num_requested for one in api.asked[1:]} == {2}
    assert api.asked[0].num_requested == 4


def test_a_subscription_goes_on_where_the_last_one_ended(make: Make, api: Api, keeping: Keeping) -> None:
    api.add("e-1", make_change(CONTRACT))
    make().subscribe()
    api.add("e-2", make_change(CONTRACT, number=2))
    make().subscribe()
    assert [body["event"]["EventUuid"] for body in keeping.bodies] == ["e-1", "e-2"]


def test_a_stream_that_breaks_is_taken_up_again_behind_what_is_durable(make: Make, api: Api, keeping: Keeping) -> None:
    for number in range(5):
        api.add(f"e-{number}", make_change(CONTRACT, number=number))
    api.breaks_after = 2
    subscriber = make()
    waits = [subscriber.subscribe() for _ in range(3)]
    assert [body["event"]["EventUuid"] for body in keeping.bodies] == [f"e-{number}" for number in range(5)]
    assert waits == [2, 2, 2]


def test_a_new_stream_begins_at_the_earliest_or_at_the_latest(make: Make, api: Api, keeping: Keeping) -> None:
    api.add("e-1", make_change(CONTRACT))
    make(start="latest").subscribe()
    assert keeping.bodies == []
    make().subscribe()
    assert len(keeping.bodies) == 1


def test_an_empty_batch_moves_the_position(make: Make, api: Api, desk: Desk) -> None:
    api.keepalive = position(41)
    make().subscribe()
    assert desk.cursors.find(STREAM) == Position("AP80MQ==", NOON)


def test_a_crash_between_journal_and_position_reads_again(
    make: Make, api: Api, keeping: Keeping, desk: Desk, store: Store
) -> None:
    class Forgetful(Cursors):
        def write(self, stream: str, text: str) -> Position:
            raise StoreError("the store is away", is_transient=True)

    api.add("e-1", make_change(CONTRACT))
    dying = make(replace(desk, cursors=Forgetful(store, "crm", desk.clock)))
    assert dying.subscribe() == 2
    assert "the store is away" in dying.last_error
    make().subscribe()
    assert [body["event"]["EventUuid"] for body in keeping.bodies] == ["e-1", "e-1"]


def test_a_position_the_vendor_does_not_know_is_given_up_and_the_gap_is_noted(
    make: Make, api: Api, keeping: Keeping, desk: Desk, store: Store
) -> None:
    api.add("e-1", make_change(CONTRACT))
    desk.cursors.write(STREAM, "AP83")
    api.forgotten.add(position(7))
    subscriber = make()
    assert subscriber.subscribe() == 0
    subscriber.subscribe()
    assert [body["event"]["EventUuid"] for body in keeping.bodies] == ["e-1"]
    gaps = store.query("SELECT stream, reason, since, until FROM source_gaps")
    assert gaps == [{"stream": STREAM, "reason": "position_lost", "since": NOON, "until": NOON}]


def test_gap_and_overflow_events_are_kept_and_mark_what_to_read_again(
    make: Make, api: Api, keeping: Keeping, store: Store
) -> None:
    api.add("e-1", make_change(f"{CONTRACT},800xx0000000002AAA", kind="GAP_UPDATE"))
    api.add("e-2", make_change("000000000000000AAA", kind="GAP_OVERFLOW", number=2))
    api.add("e-3", make_change("800*", kind="GAP_UPDATE", number=3))
    make().subscribe()
    make().subscribe()
    gaps = store.query("SELECT reason, record, detail FROM source_gaps ORDER BY reason, record, detail")
    assert gaps == [
        {"reason": "overflow", "record": "Contract", "detail": "GAP_OVERFLOW"},
        {"reason": "overflow", "record": "Contract", "detail": "GAP_UPDATE"},
        {"reason": "record", "record": f"Contract/{CONTRACT}", "detail": "GAP_UPDATE"},
        {"reason": "record", "record": "Contract/800xx0000000002AAA", "detail": "GAP_UPDATE"},
    ]
    assert [one["recordIds"] for one in headers(keeping)] == [
        [CONTRACT], ["800xx0000000002AAA"], ["000000000000000AAA"], ["800*"]
    ]  # fmt: skip


def test_records_of_gap_events_are_read_again(
    make: Make, api: Api, keeping: Keeping, rereader: Rereader, vendor: Vendor
) -> None:
    api.add("e-1", make_change(f"{CONTRACT},800xx0000000002AAA", kind="GAP_UPDATE"))
    make().subscribe()
    usual = vendor.usual

    def answer(asked: Asked) -> Response:
        if asked.path == "/token":
            return usual(asked)
        if asked.headers["authorization"] != "Bearer token-1" or not asked.path.endswith(CONTRACT):
            return Response(status_code=404)
        return JSONResponse(
            {"attributes": {"type": "Contract"}, "Id": CONTRACT, "Status": "Activated", "Region__c": None,
             "LastModifiedDate": "2026-03-02T10:00:00.000+0000"}
        )  # fmt: skip

    vendor.usual = answer
    assert rereader.step() == 2
    again = keeping.bodies[-1]["payload"]
    header = again.pop("ChangeEventHeader")
    assert again == {
        "Id": CONTRACT, "Status": "Activated", "Region__c": None, "LastModifiedDate": "2026-03-02T10:00:00.000+0000"
    }  # fmt: skip
    assert header["changedFields"] == ["Id", "Status", "LastModifiedDate"]
    assert header["commitTimestamp"] == 1_772_445_600_000
    rereader.due_at = NOON
    assert rereader.step() == 0


def test_a_record_that_cannot_be_read_yet_stays_open(
    make: Make, api: Api, store: Store, rereader: Rereader, vendor: Vendor
) -> None:
    api.add("e-1", make_change(CONTRACT, kind="GAP_UPDATE"))
    make().subscribe()
    vendor.usual = lambda asked: Response(status_code=503)
    assert rereader.step() == 0
    assert rereader.due_at == NOON + timedelta(seconds=2)
    assert store.query("SELECT count() AS n FROM source_gaps WHERE isNull(resolved_at)") == [{"n": 1}]


def test_an_event_nobody_can_read_is_kept_and_the_others_go_through(make: Make, api: Api, keeping: Keeping) -> None:
    api.add("e-1", make_change(CONTRACT))
    api.events.append(("e-2", "contract", b"\xff\xff\xff"))
    api.add("e-3", make_change(CONTRACT, number=3))
    make().subscribe()
    kept = keeping.bodies
    assert [body["event"]["EventUuid"] for body in kept] == ["e-1", "e-2", "e-3"]
    assert kept[1]["undecoded"]["avro"] == "////"


def test_a_token_that_is_refused_is_asked_for_again(make: Make, api: Api, keeping: Keeping, vendor: Vendor) -> None:
    api.add("e-1", make_change(CONTRACT))
    subscriber = make()
    subscriber.subscribe()
    api.token = "token-2"
    api.add("e-2", make_change(CONTRACT, number=2))
    assert subscriber.subscribe() == 2
    assert subscriber.last_error.startswith("unauthorized")
    subscriber.subscribe()
    assert [body["event"]["EventUuid"] for body in keeping.bodies] == ["e-1", "e-2"]
    assert len([one for one in vendor.asked if one.path == "/token"]) == 2


def test_without_a_token_nothing_is_asked_and_the_failure_is_said(make: Make, api: Api, vendor: Vendor) -> None:
    vendor.usual = lambda asked: Response(status_code=400)
    subscriber = make()
    assert [subscriber.subscribe(), subscriber.subscribe()] == [2, 4]
    assert "gave no token: status 400" in subscriber.last_error
    assert api.metadata == []


def test_a_subscription_that_waits_is_ended_by_closing_it(make: Make, api: Api, keeping: Keeping) -> None:
    api.stays = True
    for number in range(2):
        api.add(f"e-{number}", make_change(CONTRACT, number=number))
    subscriber, stop = make(), threading.Event()
    thread = threading.Thread(target=subscriber.run_forever, args=(stop,))
    thread.start()
    assert api.is_silent.wait(60)
    assert thread.is_alive()
    stop.set()
    subscriber.close()
    thread.join(60)
    assert not thread.is_alive()
    assert subscriber.last_error == ""
