"""From a source to one SQL statement over its raw bodies, with the columns the decision about versions needs.

Three steps in one statement: parse every body once into typed columns; find which events each message becomes; compute
the columns of each. A message that is to be ignored yields a row with the reason `ignored`, to be counted and no more;
one that fits nothing, a row with `unknown_type`. The statement reads nothing but `raw_events` and depends on no other
event, so that mapping again always comes out the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from billtrail.store.statement import read_statement
from collector.mapping.canonical import IGNORED
from collector.mapping.columns import Columns, split_messages
from collector.mapping.events import EventColumns
from collector.mapping.layer import Definition, find_names, nest, stack
from collector.mapping.quote import quote_name, quote_text
from collector.mapping.render import Renderer
from collector.mapping.source import Source

DOORS = ("webhook", "pull", "file", "span")
# Looking for comparisons that follow from others costs more than the whole mapping of a small segment, and finds none.
_SETTINGS = "SETTINGS optimize_and_compare_chain = 0"
MAPPED_COLUMNS = (
    "arrival", "received_at", "frame", "item", "part", "source", "event_id", "system", "event_type", "parsed_at",
    "occurred_at", "correlation_id", "trace_id", "objects", "links", "lines", "amount", "currency", "client", "region",
    "legal_entity", "billing_model", "owner", "outcome", "error_category", "attributes", "sequence", "sequence_key",
    "is_withdrawal", "withdrawn_source", "withdrawn_id", "content_hash", "mapped_by", "reason", "detail",
)  # fmt: skip
_BODY, _IS_HURT = (
    read_statement("collector", f"parts/{name}").split("\n", 1)[1] for name in ("readable_body", "holds_huge_number")
)
_READ = ("received_at", "frame", "item", "body")
HISTORY_COLUMNS = ("segment", "rule", "place", *MAPPED_COLUMNS[1:])


@dataclass(frozen=True, slots=True)
class Compiled:
    """The statement of one source.

    Parameters: segment UInt64; first and last UInt64, the places (frame * 2^32 + item) between which it maps;
    first_arrival UInt32, above any given out before; mends UInt8, as for `sql/map_events.sql`.
    """

    source: str
    select: str
    history: str = ""
    """The same over all segments up to one, in no order; each row says the place of its message instead."""

    @property
    def insert(self) -> str:
        """Append to `mapped_events`, as `map_events` has made it."""
        return f"INSERT INTO mapped_events ({', '.join(MAPPED_COLUMNS)})\n{self.select}"


def compile_source(source: Source, table: str = "raw_events") -> Compiled:
    """Compile a source over a table like `raw_events`. Every source that could be read can be compiled."""
    columns = Columns.of(source)
    render = Renderer(columns)
    events = EventColumns(source, render)

    recognised = list(_recognise(source, columns, render))
    definitions = list(events.definitions())

    def map_rows(bodies: str, read: tuple[str, ...], told: tuple[str, ...]) -> str:
        rows, base = (
            _read_messages(source, columns, bodies),
            [*read, *(("message", "part") if columns.explodes else ())],
        )
        used = find_names(events.places).union(told, *(find_names(sql) for _, sql in definitions))
        named = dict.fromkeys([*base, *(name for name, _ in recognised)])
        kept = [name for name in named if name in used]
        rows = nest(stack(rows, base, recognised, [*kept, "rules"])) + "\nARRAY JOIN rules AS rule"
        if events.places:
            rows = nest(f"SELECT {', '.join(kept)}, rule\n{rows}") + f"\nARRAY JOIN {events.places} AS place"
        ones = [(name, "toUInt32(1)") for name in ("place",) if not events.places]
        ones += [(name, "toUInt32(0)") for name in ("part",) if not columns.explodes]
        return stack(rows, [*kept, "rule", "place"], [*ones, *definitions], told)

    one = map_rows(_read_segment(source, table), _READ, MAPPED_COLUMNS[1:])
    arrival = "toUInt32({first_arrival:UInt32} + rowNumberInAllBlocks()) AS arrival"
    return Compiled(
        source.name,
        f"SELECT\n    {arrival},{one.removeprefix('SELECT')}\n{_SETTINGS}",
        f"{map_rows(_read_history(source, table), ('segment', *_READ), HISTORY_COLUMNS)}\n{_SETTINGS}",
    )


def _recognise(source: Source, columns: Columns, render: Renderer) -> Iterator[Definition]:
    """Name the columns of a message, and in `rules` which events it becomes."""
    yield from columns.definitions(render.text)
    for name, value in source.values.items():
        yield quote_name(f"={name}"), render.text(value)
    if source.changes:
        yield from render.changes(source.changes)
    yield "kind", render.text(source.kind)
    yield "message_id", render.text(source.id)
    tests = ", ".join(f"if({render.holds(rule.when)}, {number}, 0)" for number, rule in enumerate(source.events, 1))
    yield "matched", f"arrayFilter(r -> r > 0, CAST([{tests}], 'Array(UInt8)'))"
    yield "is_ignored", " OR ".join(f"({render.holds(condition)})" for condition in source.ignore) or "false"
    yield "is_unreadable", "empty(matched) AND NOT is_ignored AND NOT isValidJSON(body)"
    yield "is_to_mend", f"is_unreadable AND {_IS_HURT}"
    yield "rules", f"if(empty(matched), CAST([if(is_ignored, {IGNORED}, 0)], 'Array(UInt8)'), matched)"


def _read_messages(source: Source, columns: Columns, bodies: str) -> str:
    if not columns.explodes:
        return nest(bodies)
    messages = split_messages(source)
    return f"{nest(bodies)}\nARRAY JOIN {messages} AS message, arrayEnumerate({messages}) AS part"


def _read_segment(source: Source, table: str) -> str:
    return f"""SELECT received_at, frame, item, {_BODY}
FROM {quote_name(table)} AS raw
WHERE segment = {{segment:UInt64}} AND {_is_sent_by(source)}
ORDER BY segment, frame, item"""


def _read_history(source: Source, table: str) -> str:
    return f"""SELECT segment, received_at, frame, item, {_BODY}
FROM {quote_name(table)} AS raw
WHERE segment BETWEEN {{since:UInt64}} AND {{upto:UInt64}} AND {_is_sent_by(source)}"""


def _is_sent_by(source: Source) -> str:
    doors = ", ".join(map(quote_text, DOORS))
    return (
        f"record = 'event' AND source = {quote_text(source.name)} AND door IN ({doors})\n"
        "  AND toUInt64(frame) * 4294967296 + item BETWEEN {first:UInt64} AND {last:UInt64}"
    )
