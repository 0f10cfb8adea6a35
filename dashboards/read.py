"""Every question the pages ask, one function each, and the frames that answer them.

Nothing is computed here that SQL can compute. An answer is shared between visitors for a few seconds; a failed question
raises StoreError and is never an empty frame.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from billtrail.store import Row, Store
from billtrail.store.reference import find_naming

PACKAGE = "dashboards"
REMEMBERED_S = 4.0
SHAPES_REMEMBERED_S = 60.0


class Filters(NamedTuple):
    """What the executive page looks at. Empty means all. `before` is when the period before `since` began."""

    before: datetime
    since: datetime
    regions: tuple[str, ...] = ()
    legal_entities: tuple[str, ...] = ()
    billing_models: tuple[str, ...] = ()

    def as_params(self, **more: Any) -> dict[str, Any]:
        lists = {name: list(getattr(self, name)) for name in ("regions", "legal_entities", "billing_models")}
        return {**lists, **more}


class Match(NamedTuple):
    """A lifecycle an id leads to, and by what."""

    lifecycle_id: str
    found_by: str


def _whose(store: Store) -> tuple[str, str]:
    return store.settings.url, store.settings.database


def _ask(store: Store, name: str, params: dict[str, Any]) -> list[Row]:
    return store.rows(PACKAGE, name, params)


@st.cache_data(ttl=REMEMBERED_S, max_entries=500, show_spinner=False, hash_funcs={Store: _whose})
def read_rows(store: Store, name: str, params: dict[str, Any]) -> list[Row]:
    """Ask `sql/<name>.sql`, or remember what it said a moment ago."""
    return _ask(store, name, params)


@st.cache_data(ttl=SHAPES_REMEMBERED_S, max_entries=10, show_spinner=False, hash_funcs={Store: _whose})
def read_shapes(store: Store) -> list[str]:
    """List `system:type` of everything ever reported."""
    return [row["shape"] for row in _ask(store, "key_shapes", {})]


def filter_values(store: Store) -> Row:
    """What can be chosen: regions, legal_entities, billing_models."""
    return read_rows(store, "filter_values", {})[0]


def portfolio(store: Store, filters: Filters) -> list[Row]:
    """Per currency: open_contracts, signed_contracts, unbilled, unbilled_contracts; the largest unbilled first."""
    return read_rows(store, "portfolio", filters.as_params(since=filters.since))


def time_to_bill(store: Store, filters: Filters) -> Row:
    """Median and 90th percentile in this period, the median of the one before, in ms."""
    return read_rows(store, "time_to_bill", filters.as_params(since=filters.since, before=filters.before))[0]


def time_to_bill_weeks(store: Store, filters: Filters) -> pd.DataFrame:
    """Per week: median_days, p25_days, p75_days, invoices."""
    frame = pd.DataFrame(read_rows(store, "time_to_bill_weeks", filters.as_params(since=filters.since)))
    return _in_days(frame)


def time_to_bill_by(store: Store, filters: Filters, by: str) -> pd.DataFrame:
    """Per value of `by`: name, median_days, p90_days, invoices; the slowest first."""
    frame = pd.DataFrame(read_rows(store, "time_to_bill_by", filters.as_params(since=filters.since, by=by)))
    return _in_days(frame)


def unbilled(store: Store, filters: Filters, currency: str) -> pd.DataFrame:
    """Per legal entity: unbilled, contracts, the promise they wait for and whether it is late."""
    return _with_floats(read_rows(store, "unbilled", filters.as_params(currency=currency)), "unbilled")


def largest_unbilled(store: Store, filters: Filters, currency: str) -> list[Row]:
    """The contracts with the most approved, unbilled work."""
    return read_rows(store, "largest_unbilled", filters.as_params(currency=currency))


def sla_attainment(store: Store, filters: Filters) -> list[Row]:
    """Per SLA: met and late in the last thirty days, what runs now, the target."""
    return read_rows(store, "sla_attainment", filters.as_params())


def value_at_risk(store: Store, filters: Filters) -> list[Row]:
    """Per currency: value, contracts, late_contracts; the largest value first."""
    return read_rows(store, "value_at_risk", filters.as_params())


def late_value_months(store: Store, filters: Filters, currency: str) -> pd.DataFrame:
    """Per month and whether a run failed: late_value, contracts."""
    rows = read_rows(store, "late_value_months", filters.as_params(currency=currency, since=filters.since))
    return _with_floats(rows, "late_value")


def find_lifecycles(store: Store, text: str) -> list[Match]:
    """Find what an id of any system, a key, a correlation id, a trace, a client or its name leads to. May be empty."""
    text = text.strip()
    if not text:
        return []
    keys = [text, *(f"{shape}:{text}" for shape in read_shapes(store))]
    found = [Match(row["lifecycle_id"], row["lifecycle_id"]) for row in lifecycles(store, [text])]
    found += _matches(store, "find_objects", {"keys": keys})
    found = found or _matches(store, "find_runs", {"id": text})
    found = found or [Match(row["lifecycle_id"], row["object_key"]) for row in find_naming(store, text)]
    found = found or _matches(store, "find_clients", {"words": re.sub(r"([%_\\])", r"\\\1", text)})
    return list({match.lifecycle_id: match for match in reversed(found)}.values())[::-1]


def lifecycles(store: Store, ids: Sequence[str]) -> list[Row]:
    """The rows of these lifecycles, the last heard of first."""
    return read_rows(store, "lifecycle", {"ids": list(ids)})


def variants(store: Store) -> list[Row]:
    """The ways lifecycles take, the most frequent first."""
    return read_rows(store, "variants", {})


def events(store: Store, lifecycle_id: str) -> pd.DataFrame:
    """The events in order, with what their senders said."""
    return _with_floats(read_rows(store, "lifecycle_events", {"id": lifecycle_id}), "amount")


def runs(store: Store, happened: pd.DataFrame) -> pd.DataFrame:
    """The spans that belong to these events' runs."""
    if happened.empty:
        return pd.DataFrame()
    ids = {name: sorted({text for text in happened[name] if text}) for name in ("correlation_id", "trace_id")}
    params = {"correlation_ids": ids["correlation_id"], "traces": ids["trace_id"]}
    return pd.DataFrame(read_rows(store, "lifecycle_runs", params))


def of_lifecycle(store: Store, name: str, lifecycle_id: str) -> list[Row]:
    """Answer `checkpoints`, or `lifecycle_` with `clocks`, `findings`, `alerts`, `objects` or `errors`."""
    return read_rows(store, name, {"id": lifecycle_id})


def relations(store: Store, keys: Sequence[str]) -> list[Row]:
    """Why these records belong together."""
    return read_rows(store, "lifecycle_relations", {"keys": list(keys)})


def on_call(store: Store, name: str) -> list[Row]:
    """Answer a question of the on-call page, which takes nothing."""
    return read_rows(store, name, {})


def _matches(store: Store, name: str, params: dict[str, Any]) -> list[Match]:
    return [Match(row["lifecycle_id"], row["found_by"]) for row in read_rows(store, name, params)]


def _in_days(frame: pd.DataFrame) -> pd.DataFrame:
    for name in [column for column in frame.columns if column.endswith("_ms")]:
        frame[name.removesuffix("_ms") + "_days"] = frame.pop(name) / 86_400_000
    return frame


def _with_floats(rows: list[Row], *names: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    for name in names:
        if name in frame:
            frame[name] = frame[name].astype(float)
    return frame
