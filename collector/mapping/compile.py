"""From a source to one SQL statement over its raw bodies, with the columns the decision about versions needs.

Three steps in one statement: parse every body once into typed columns; find which events each message becomes; compute
the columns of each. A message that is to be ignored yields no row; one that fits nothing yields a row with the reason
`unknown_type`. The statement reads nothing but `raw_events` and depends on no other event, so that
mapping again always comes out the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from collector.mapping.columns import Columns, split_messages
from collector.mapping.events import EventColumns
from collector.mapping.quote import quote_name, quote_text
from collector.mapping.render import Renderer
from collector.mapping.source import Source

DOORS = ("webhook", "pull", "file")
MAPPED_COLUMNS = (
    "arrival", "received_at", "frame", "item", "source", "event_id", "system", "event_type", "parsed_at", "occurred_at",
    "correlation_id", "trace_id", "objects", "links", "lines", "amount", "currency", "client", "region", "legal_entity",
    "billing_model", "owner", "outcome", "error_category", "attributes", "sequence", "sequence_key", "is_withdrawal",
    "withdrawn_source", "withdrawn_id", "content_hash", "reason", "detail",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Compiled:
    """The statement of one source. Parameters: segment UInt64, first_arrival UInt32: above any given out before."""

    source: str
    select: str

    @property
    def insert(self) -> str:
        """Append to `mapped_events`, as `map_events` has made it."""
        return f"INSERT INTO mapped_events ({', '.join(MAPPED_COLUMNS)})\n{self.select}"


def compile_source(source: Source, table: str = "raw_events") -> Compiled:
    """Compile a source over a table like `raw_events`. Every source that could be read can be compiled."""
    columns = Columns.of(source)
    render = Renderer(columns)
    events = EventColumns(source, render)
    rows = f"SELECT *, rule\n{_from(_recognise(source, columns, render, table))}\nARRAY JOIN rules AS rule"
    if events.places:
        rows = f"SELECT *, place\n{_from(rows)}\nARRAY JOIN {events.places} AS place"
    named = _list(f"{sql} AS {name}" for name, sql in events.definitions())
    mapped = f"SELECT\n    received_at, frame, item,\n{named}\n{_from(rows)}"
    told = ", ".join(MAPPED_COLUMNS[1:])
    arrival = "toUInt32({first_arrival:UInt32} + rowNumberInAllBlocks()) AS arrival"
    return Compiled(source.name, f"SELECT {arrival}, {told}\n{_from(mapped)}")


def _recognise(source: Source, columns: Columns, render: Renderer, table: str) -> str:
    """Write the rows of the source with their columns, and in `rules` which events each becomes."""
    definitions = columns.parses
    definitions += [f"{sql} AS {name}" for name, sql in columns.definitions(render.text)]
    definitions += [f"{render.text(value)} AS {quote_name(f'={name}')}" for name, value in source.values.items()]
    tests = ", ".join(f"if({render.holds(rule.when)}, {number}, 0)" for number, rule in enumerate(source.events, 1))
    ignored = " OR ".join(f"({render.holds(condition)})" for condition in source.ignore) or "false"
    definitions += [
        f"{render.text(source.kind)} AS kind",
        f"{render.text(source.id)} AS message_id",
        f"arrayFilter(r -> r > 0, CAST([{tests}], 'Array(UInt8)')) AS matched",
        f"empty(matched) AND NOT ({ignored}) AS is_unknown",
        "is_unknown AND NOT isValidJSON(body) AS is_unreadable",
        "if(is_unknown, CAST([0], 'Array(UInt8)'), matched) AS rules",
    ]
    return f"SELECT\n    received_at, frame, item,\n{_list(definitions)}\n{_from(_read_rows(source, columns, table))}"


def _read_rows(source: Source, columns: Columns, table: str) -> str:
    doors = ", ".join(map(quote_text, DOORS))
    rows = f"""SELECT received_at, segment, frame, item, body
FROM {quote_name(table)}
WHERE segment = {{segment:UInt64}} AND record = 'event' AND source = {quote_text(source.name)} AND door IN ({doors})
ORDER BY segment, frame, item"""
    if not columns.explodes:
        return rows
    split = f"ARRAY JOIN {split_messages(source)} AS message"
    return f"SELECT received_at, frame, item, body, message\n{_from(rows)}\n{split}"


def _from(statement: str) -> str:
    return f"FROM\n(\n{_indent(statement)}\n)"


def _list(expressions: Iterable[str]) -> str:
    return ",\n".join(f"    {expression}" for expression in expressions)


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
