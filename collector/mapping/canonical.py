"""The canonical columns as SQL over what the rules told: the same for every source, so it stands here as it is.

Takes `named`, `links_told`, `lines_told` and the `…_told` texts; gives the columns `collector/sql/map_events.sql` has.
"""

_IS_NUMBER = (
    "isNotNull(toDecimal128OrNull({0}, 9)) AND abs(assumeNotNull(toDecimal128OrNull({0}, 9))) < 9999999999999999"
)
_CENTS = "toDecimal64(round(if({1}, assumeNotNull(toDecimal128OrNull({0}, 9)), 0), 2), 2)"
_CATEGORIES = "'timeout', 'rate_limit', 'auth', 'validation', 'mapping', 'duplicate', 'not_found', 'unavailable'"

OBJECTS = "Array(Tuple(String, String, String, String))"
LINKS = "Array(Tuple(String, String, String))"
LINES = "Array(Tuple(String, String))"
MOMENT = "Nullable(DateTime64(3, \\'UTC\\'))"
ATTRIBUTES = "Map(String, String)"

DERIVED = {
    "objects": "arrayDistinct(arrayFilter(o -> o.3 != '', named))",
    "links": "arrayFilter(l -> l.1 != '' AND l.2 != '', links_told)",
    "told_lines": "arrayFilter(l -> l.1 != '', lines_told)",
    "wrong_lines": f"arrayFilter(l -> NOT ({_IS_NUMBER.format('l.2')}), told_lines)",
    "lines": f"arrayMap(l -> (l.1, {_CENTS.format('l.2', 'empty(wrong_lines)')}), told_lines)",
    "occurred_at": "ifNull(parsed_at, received_at)",
    "trace_id": (
        "if(match(traceparent_told, '^[0-9a-fA-F]{2}-[0-9a-fA-F]{32}-'), lower(substring(traceparent_told, 4, 32)), '')"
    ),
    "is_amount": _IS_NUMBER.format("amount_told"),
    "amount": _CENTS.format("amount_told", "is_amount"),
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

# In order: the first that applies is the reason. Each: the test, the reason, what was expected, and what was there.
PROBLEMS: tuple[tuple[str, str, str], ...] = (
    (f"rule = {IGNORED}", "ignored", "''"),
    ("is_unreadable", "unreadable", "'the body is not valid JSON'"),
    ("rule = 0", "unknown_type", "concat('no event and nothing to ignore is declared for ', kind_told)"),
    ("event_id = ''", "missing_field", "concat('id: expected a text at ', id_place)"),
    ("event_type = ''", "missing_field", "'type: expected a text'"),
    ("named[1].1 != '' AND named[1].3 = ''", "missing_field", "concat('subject: expected an id at ', subject_place)"),
    (
        "notEmpty(arrayFilter(o -> match(o.3, '^[{[][\"{[]'), objects) AS nested)",
        "wrong_type",
        "concat('objects: expected a text as id, got ', substring(nested[1].3, 1, 60))",
    ),
    (
        "arrayExists(o -> o.1 = '' OR position(o.1, ':') > 0 OR position(o.2, ':') > 0, objects)",
        "wrong_type",
        "'objects: expected a type, and no colon in type and system'",
    ),
    ("isNull(parsed_at) AND time_told = ''", "missing_field", "concat('time: expected a moment at ', time_place)"),
    (
        "isNull(parsed_at) OR toYear(assumeNotNull(parsed_at)) NOT BETWEEN 1901 AND 2298",
        "invalid_time",
        "concat('time: expected a moment at ', time_place, ', got ', substring(time_told, 1, 60))",
    ),
    (
        "amount_told != '' AND NOT is_amount",
        "wrong_type",
        "concat('amount: expected a decimal at ', amount_place, ', got ', substring(amount_told, 1, 60))",
    ),
    (
        "notEmpty(wrong_lines)",
        "wrong_type",
        "concat('lines: expected a decimal for ', wrong_lines[1].1, ', got ', substring(wrong_lines[1].2, 1, 60))",
    ),
    (
        "outcome NOT IN ('success', 'failure')",
        "wrong_type",
        "concat('outcome: expected success or failure, got ', substring(outcome, 1, 60))",
    ),
    ("is_withdrawal AND withdrawn_id = ''", "missing_field", "'withdraws: expected the id of an event'"),
)
