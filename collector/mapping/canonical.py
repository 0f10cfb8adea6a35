"""The canonical columns as SQL over what the rules told: the same for every source, so it stands here as it is.

Takes `named`, `objects`, `links_told`, `lines_told` and the `…_told` texts; gives the columns
`collector/sql/map_events.sql` has.
"""

from collections.abc import Iterator, Mapping

from collector.mapping.layer import Definition

_IS_NUMBER = "abs(ifNull({0}, 9999999999999999)) < 9999999999999999"
_CENTS = f"toDecimal64(if({_IS_NUMBER}, round(assumeNotNull({{0}}), 2), 0), 2)"
_CATEGORIES = "'timeout', 'rate_limit', 'auth', 'validation', 'mapping', 'duplicate', 'not_found', 'unavailable'"

OBJECTS = "Array(Tuple(String, String, String, String))"
LINKS = "Array(Tuple(String, String, String))"
LINES = "Array(Tuple(String, String))"
MOMENT = "Nullable(DateTime64(3, \\'UTC\\'))"
ATTRIBUTES = "Map(String, String)"

DERIVED = {
    "links": "arrayFilter(l -> l.1 != '' AND l.2 != '', links_told)",
    "numbers": "arrayMap(l -> (l.1, toDecimal128OrNull(l.2, 9), l.2), arrayFilter(l -> l.1 != '', lines_told))",
    "lines": f"arrayMap(l -> (l.1, {_CENTS.format('l.2')}), numbers)",
    "occurred_at": "ifNull(parsed_at, received_at)",
    "trace_id": (
        "if(match(traceparent_told, '^[0-9a-fA-F]{2}-[0-9a-fA-F]{32}-'), lower(substring(traceparent_told, 4, 32)), '')"
    ),
    "number": "toDecimal128OrNull(amount_told, 9)",
    "amount": _CENTS.format("number"),
    "billing_model": "lower(billing_model_told)",
    "outcome": "if(outcome_told = '', 'success', outcome_told)",
    "error_category": (
        f"multiIf(error_category_told = '', '', error_category_told IN ({_CATEGORIES}), error_category_told, 'other')"
    ),
    "sequence_key": "if(match(sequence, '^[0-9]{1,40}$'), leftPad(sequence, 40, '0'), sequence)",
    "is_withdrawal": "event_type = 'event.withdrawn'",
    "withdrawn_source": "source",
    "content_hash": (
        "greatest(1, cityHash64(system, event_type, ifNull(toUnixTimestamp64Milli(parsed_at), 0), correlation_id,"
        " trace_id, objects, links, lines, amount, currency, client, region, legal_entity, billing_model, owner,"
        " outcome, error_category,"
        " arraySum(arrayMap((k, v) -> cityHash64(k, v), mapKeys(attributes), mapValues(attributes))),"
        " sequence))"
    ),
}
TOLD = ("amount", "outcome", "error_category", "traceparent", "billing_model")
COPIED = ("currency", "client", "region", "legal_entity", "owner", "correlation_id", "sequence")

# The rule of a message that is known and means nothing. A source has fewer events than that.
IGNORED = 255

_IS_JSON = "substring(o.3, 1, 2) IN ('{\"', '{{', '{[', '[\"', '[{', '[[')"
_WRONG = f"arrayFirst(l -> NOT ({_IS_NUMBER.format('l.2')}), numbers)"

# In order: the first that applies is the reason. Each: the test, the reason, what was expected, and what was there.
# In braces stands where a rule looks for what is meant.
_PROBLEMS: tuple[tuple[str, str, str], ...] = (
    (f"rule = {IGNORED}", "ignored", "''"),
    ("is_to_mend", "to_mend", "''"),
    ("is_unreadable", "unreadable", "'the body is not valid JSON'"),
    ("rule = 0", "unknown_type", "concat('no event and nothing to ignore is declared for ', {kind})"),
    ("event_id = ''", "missing_field", "concat('id: expected a text at ', {id})"),
    ("event_type = ''", "missing_field", "'type: expected a text'"),
    ("named[1].1 != '' AND named[1].3 = ''", "missing_field", "concat('subject: expected an id at ', {subject})"),
    (
        f"arrayExists(o -> {_IS_JSON}, objects)",
        "wrong_type",
        f"concat('objects: expected a text as id, got ', substring(arrayFirst(o -> {_IS_JSON}, objects).3, 1, 60))",
    ),
    (
        "arrayExists(o -> o.1 = '' OR position(o.1, ':') > 0 OR position(o.2, ':') > 0, objects)",
        "wrong_type",
        "'objects: expected a type, and no colon in type and system'",
    ),
    ("isNull(parsed_at) AND time_told = ''", "missing_field", "concat('time: expected a moment at ', {time})"),
    (
        "isNull(parsed_at) OR toYear(assumeNotNull(parsed_at)) NOT BETWEEN 1901 AND 2298",
        "invalid_time",
        "concat('time: expected a moment at ', {time}, ', got ', substring(time_told, 1, 60))",
    ),
    (
        f"amount_told != '' AND NOT ({_IS_NUMBER.format('number')})",
        "wrong_type",
        "concat('amount: expected a decimal at ', {amount}, ', got ', substring(amount_told, 1, 60))",
    ),
    (
        f"arrayExists(l -> NOT ({_IS_NUMBER.format('l.2')}), numbers)",
        "wrong_type",
        f"concat('lines: expected a decimal for ', {_WRONG}.1, ', got ', substring({_WRONG}.3, 1, 60))",
    ),
    (
        "outcome NOT IN ('success', 'failure')",
        "wrong_type",
        "concat('outcome: expected success or failure, got ', substring(outcome, 1, 60))",
    ),
    ("is_withdrawal AND withdrawn_id = ''", "missing_field", "'withdraws: expected the id of an event'"),
)


def define_problem(places: Mapping[str, str]) -> Iterator[Definition]:
    """Name the number of what is wrong, one too many for nothing, and its words. `places` are SQL texts by name."""
    # Not by multiIf: it would look at what passed one test apart, for the next, at twice the cost of all of them.
    nothing = len(_PROBLEMS) + 1
    tests = ", ".join(f"if({test}, {number}, {nothing})" for number, (test, _, _) in enumerate(_PROBLEMS, 1))
    yield "problem", f"least({tests})"
    reasons = ", ".join(f"'{reason}'" for _, reason, _ in _PROBLEMS)
    yield "reason", f"transform(problem, [{', '.join(map(str, range(1, 1 + len(_PROBLEMS))))}], [{reasons}], '')"
    details = "".join(
        f"problem = {number}, {_fill(detail, places)}, " for number, (*_, detail) in enumerate(_PROBLEMS, 1)
    )
    yield "detail", f"multiIf({details}'')"


def _fill(detail: str, places: Mapping[str, str]) -> str:
    for name, sql in places.items():
        detail = detail.replace(f"{{{name}}}", sql)
    return detail
