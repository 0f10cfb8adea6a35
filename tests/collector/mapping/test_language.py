"""Every word of the language, through the real engine."""

from typing import Any

import pytest

from tests.collector.mapping.conftest import Become


def client(become: Become, expression: str, *payloads: dict[str, Any], rest: str = "") -> list[str]:
    """What an expression yields for each payload."""
    told = become(f"client: {expression}", *({"id": "1", "kind": "k", **payload} for payload in payloads), rest=rest)
    return [outcome.event.get("client", "") for outcome in told]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$a", "x"),
        ("$b.c", "1.5"),
        ("$t", "true"),
        ("$none", ""),
        ("$absent.deep[0].er", ""),
        ("$list[0]", "p"),
        ("$list[-1]", "q"),
        ("$list[7]", ""),
        ("$pairs[name=two].value", "zwei"),
        ("$pairs[name=ten].value", ""),
        ("$pairs[].value", "eins,zwei"),
        ('$"odd.key`\\"', "o"),
        ("$b", '{"c":1.5}'),
        ("constant", "constant"),
    ],
)
def test_a_path_leads_to_a_text(become: Become, path: str, value: str) -> None:
    payload = {
        "a": "x",
        "b": {"c": 1.5},
        "t": True,
        "none": None,
        "list": ["p", "q"],
        "pairs": [{"name": "one", "value": "eins"}, {"name": "two", "value": "zwei"}],
        "odd.key`\\": "o",
    }
    path = path.replace('\\"', '\\"') if path.startswith('$"') else path
    quoted = "'" + path.replace("'", "''") + "'"
    assert client(become, quoted, payload) == [value]


def test_a_key_may_be_a_text_here_and_an_object_there(become: Become) -> None:
    told = client(become, "{first_of: [$currency.id, $currency]}", {"currency": "EUR"}, {"currency": {"id": "USD"}})
    assert told == ["EUR", "USD"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("{first_of: [$none, $b, $a]}", "Bee"),
        ("{lower: $b}", "bee"),
        ("{upper: $a}", "X"),
        ("{concat: [$a, '-', $b]}", "x-Bee"),
        ("{concat: [$a, '-', $none]}", ""),
        ("{map: $a, to: {x: y}}", "y"),
        ("{map: $b, to: {x: y}}", ""),
        ("{map: $b, to: {x: y}, else: $b}", "Bee"),
        ("{extract: $ref, by: '^SFDC-(.+)$'}", "006"),
        ("{extract: $ref, by: '[A-Z]+'}", "SFDC"),
        ("{scale: $cents, by: 0.01}", "123.45"),
        ("{scale: $cents, over: 3600}", "3.429167"),
        ("{scale: $b, by: 2}", "Bee"),
        ("{record_id: $short}", "800Qx000001f3KmIAI"),
        ("{record_id: $ref}", "SFDC-006"),
        ("{when: {$a: x}, then: $b, else: no}", "Bee"),
        ("{when: {$a: z}, then: $b}", ""),
        ("{constant: $a}", "$a"),
        ("{day: {time: $late, as: [epoch_ms], zone: Europe/Berlin}}", "2026-04-01"),
        ("{time: $late, as: [epoch_ms]}", "2026-03-31T22:30:00.000Z"),
    ],
)
def test_an_expression_yields_a_text(become: Become, expression: str, value: str) -> None:
    payload = {
        "a": "x",
        "b": "Bee",
        "none": None,
        "ref": "SFDC-006",
        "cents": 12345,
        "short": "800Qx000001f3Km",
        "late": 1774996200000,
    }
    assert client(become, expression, payload) == [value]


@pytest.mark.parametrize(
    ("told", "form", "moment"),
    [
        ("2022-09-22T15:22:53.4580747Z", "iso", "2022-09-22T15:22:53.458Z"),
        ("2019-02-15T19:15:40.477-0800", "iso", "2019-02-16T03:15:40.477Z"),
        ("2026-01-15T10:00:00+05:30", "iso", "2026-01-15T04:30:00.000Z"),
        (1596694939000, "epoch_ms", "2020-08-06T06:22:19.000Z"),
        ("1596694939", "epoch_s", "2020-08-06T06:22:19.000Z"),
        ("/Date(1506384247000)/", "dotnet", "2017-09-26T00:04:07.000Z"),
        ("/Date(1506409448000-0700)/", "dotnet", "2017-09-26T07:04:08.000Z"),
        ("2026-01-15T10:00:00", "local], zone: Europe/Berlin, x: [", "2026-01-15T09:00:00.000Z"),
        ("2026-07-15 10:00", "local], zone: Europe/Berlin, x: [", "2026-07-15T08:00:00.000Z"),
        ("2026-01-15", "local], zone: America/New_York, x: [", "2026-01-15T05:00:00.000Z"),
    ],
)
def test_a_moment_is_read_in_each_form(become: Become, told: Any, form: str, moment: str) -> None:
    (outcome,) = become(f"time: {{time: $t, as: [{form.split(', x', maxsplit=1)[0].rstrip(']')}]}}".replace("}]}", "}")
                        if "zone" not in form else f"time: {{time: $t, as: [{form.split(', x', maxsplit=1)[0]}}}",
                        {"id": "1", "kind": "k", "t": told})  # fmt: skip
    assert (outcome.event.get("time"), outcome.detail) == (moment, "")


@pytest.mark.parametrize("told", ["2026-01-15T10:00:00", "yesterday", "9" * 30, {"at": 1}])
def test_a_moment_that_cannot_be_read_is_refused_with_its_path(become: Become, told: Any) -> None:
    (outcome,) = become("time: $t", {"id": "1", "kind": "k", "t": told})
    assert (outcome.reason, outcome.detail[:28]) == ("invalid_time", "time: expected a moment at $")


def test_the_first_moment_that_is_there_counts(become: Become) -> None:
    lines = "time: {first_of: [$signed_at, {time: $ms, as: [epoch_ms]}]}"
    told = become(
        lines, {"id": "1", "signed_at": "2026-01-01T00:00:00Z", "ms": 5}, {"id": "2", "ms": 1596694939000}, {"id": "3"}
    )
    assert [outcome.event.get("time") for outcome in told] == [
        "2026-01-01T00:00:00.000Z",
        "2020-08-06T06:22:19.000Z",
        None,
    ]
    assert (told[2].reason, told[2].detail) == ("missing_field", "time: expected a moment at $signed_at or $ms")


@pytest.mark.parametrize(
    ("condition", "fits"),
    [
        ("{$a: x}", True),
        ("{$a: [y, x]}", True),
        ("{$a: y}", False),
        ("{$a: {not: y}}", True),
        ("{$a: {not: [x, y]}}", False),
        ("{$a: {exists: true}}", True),
        ("{$none: {exists: true}}", False),
        ("{$none: {exists: false}}", True),
        ("{$a: {matches: '^[xyz]$'}}", True),
        ("{'$tags[]': {has: [r, s]}}", True),
        ("{'$tags[]': {has: q}}", False),
        ("{any: [{$a: y}, {$b: z}]}", True),
        ("{not: {$a: x, $b: q}}", True),
        ("{$a: x, $b: q}", False),
        ("{changed: a}", True),
        ("{changed: [b, c]}", False),
    ],
)
def test_a_condition_chooses_messages(become: Become, condition: str, fits: bool) -> None:
    rest = "changes: {created: {$op: new}, names: '$changed[]'}\nignore: [{}]\n"
    payload = {"id": "1", "kind": "k", "a": "x", "b": "z", "tags": ["s", "t"], "changed": ["a"], "op": "old"}
    (outcome,) = become(f"when: {condition}", payload, rest=rest)
    assert outcome.outcome == ("event" if fits else "ignored")


def test_everything_changed_in_what_was_created_and_a_value_where_names_cannot_be_read(become: Become) -> None:
    rest = "changes: {created: {$op: new}, names: '$changed[]', undecoded: '^0x'}\nignore: [{}]\n"
    payloads = [{"op": "new"}, {"changed": ["0x08"], "a": 1}, {"changed": ["0x08"]}, {"changed": ["b"], "a": 1}]
    told = become("when: {changed: a}", *({"id": str(n), **one} for n, one in enumerate(payloads)), rest=rest)
    assert [outcome.outcome for outcome in told] == ["event", "event", "ignored", "ignored"]


def test_values_parameters_and_json_in_a_text(become: Become) -> None:
    rest = """\
    parameters: {field: total_cents}
    inside: {record: $payload}
    values:
      cents: "$record:{field}"
      money: {scale: =cents, by: 0.01}
    """
    told = become("amount: =money", {"id": "1", "payload": '{"total_cents": 1250}'}, rest=rest)
    assert told[0].event["amount"] == "12.50"


def test_lists_become_objects_lines_and_relations(become: Become) -> None:
    lines = """\
    objects:
      - {type: invoice, id: $id}
      - {type: project, id: "$item:project", qualifier: part_of, each: "$lines[]"}
      - {type: worker, id: "$item:", qualifier: reference, each: "$people[]"}
    lines: [{type: project, id: "$item:project", amount: "$item:amount", each: "$lines[]"}]
    relations:
      - from: {type: project, id: "$item:project"}
        qualifier: part_of
        to: {type: contract, id: "$item:contract"}
        each: "$lines[]"
    """
    body = {
        "id": "I",
        "people": ["ann", "bob"],
        "lines": [{"project": "P", "amount": 1, "contract": "C"}, {"project": "Q", "amount": "2.50"}],
    }
    event = become(lines, body)[0].event
    assert [(one["type"], one["id"]) for one in event["objects"]] == [
        ("invoice", "I"),
        ("project", "P"),
        ("project", "Q"),
        ("worker", "ann"),
        ("worker", "bob"),
    ]
    assert event["lines"] == [
        {"object": "firm:project:P", "amount": "1.00"},
        {"object": "firm:project:Q", "amount": "2.50"},
    ]
    assert event["relations"] == [{"from": "firm:project:P", "to": "firm:contract:C", "qualifier": "part_of"}]


def test_each_makes_one_event_of_every_element_with_an_id_of_its_own(become: Become) -> None:
    lines = """\
    each: "$records[]"
    objects: [{type: thing, id: "$item:key"}]
    amount: "$item:worth"
    """
    told = become(lines, {"id": "m", "records": [{"key": "a", "worth": 1}, {"key": "b"}]}, {"id": "n", "records": []})
    assert [(one.outcome, one.event.get("id"), one.event.get("amount")) for one in told] == [
        ("event", "m:thing.done:a", "1.00"),
        ("event", "m:thing.done:b", None),
        ("ignored", None, None),
    ]


def test_a_body_of_several_messages_is_read_message_by_message(become: Become) -> None:
    rest = 'messages: ["$[]", "$events{}", $]\n'
    lines = 'client: "$body:tenant"'
    told = become(
        lines, [{"id": "1"}, {"id": ""}], {"tenant": "t", "events": {"x": {"id": "3"}}}, {"id": "4"}, rest=rest
    )
    assert [(one.outcome, one.event.get("client"), one.reason) for one in told] == [
        ("event", None, ""),
        ("refused", None, "missing_field"),
        ("event", "t", ""),
        ("event", None, ""),
    ]


@pytest.mark.parametrize(
    ("lines", "payload", "reason", "detail"),
    [
        ("amount: $a", {"id": "1", "a": "12,50"}, "wrong_type", "amount: expected a decimal at $a, got 12,50"),
        ("amount: $a", {"id": "1", "a": [1]}, "wrong_type", "amount: expected a decimal at $a, got [1]"),
        ("amount: $a", {"id": "1", "a": "1e40"}, "wrong_type", "amount: expected a decimal at $a, got 1e40"),
        ("client: x", {"kind": "k"}, "missing_field", "id: expected a text at $id"),
        ("objects: [{type: t, id: $no.thing}]", {"id": "1"}, "missing_field", "subject: expected an id at $no.thing"),
        ("client: x", {"id": {"a": 1}}, "wrong_type", 'objects: expected a text as id, got {"a":1}'),
        ("outcome: $o", {"id": "1", "o": "maybe"}, "wrong_type", "outcome: expected success or failure, got maybe"),
        ("when: {$a: x}", {"kind": "odd"}, "unknown_type", "no event and nothing to ignore is declared for odd"),
        ("when: {$a: x}", '{"id": ', "unreadable", "the body is not valid JSON"),
        ("when: {$a: x}", "[]", "unknown_type", "a message that does not say what it is: nothing at $kind"),
    ],
)
def test_what_cannot_be_used_is_refused_with_reason_and_path(
    become: Become, lines: str, payload: Any, reason: str, detail: str
) -> None:
    told = become(lines, payload, {"id": "neighbour", "kind": "k", "a": "1"})
    assert (told[0].reason, told[0].detail[-len(detail) :]) == (reason, detail)


def test_an_amount_that_is_not_told_is_marked_where_it_is_to_be_completed(become: Become) -> None:
    told = become("amount: $a\ncomplete_from: object", {"id": "1"}, {"id": "2", "a": "0"})
    assert [one.event.get("attributes") for one in told] == [{"complete_from": "object"}, None]


def test_nothing_in_a_document_leaves_its_quotes(become: Become) -> None:
    evil = "x'), (SELECT 1) -- `\\' {segment:UInt64} %s"
    told = become(
        f"client: {{first_of: ['$none', {evil!r}]}}\nattributes: {{{evil!r}: $id}}".replace('"', '"'), {"id": "1"}
    )
    assert told[0].event["client"] == evil
    assert told[0].event["attributes"] == {evil: "1"}
