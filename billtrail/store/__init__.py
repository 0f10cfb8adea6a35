"""The store: one engine interface over the embedded engine and a ClickHouse server, migrations, and the read endpoint.

Takes: statements from the rooms' `sql/` folders, journal segments.
Gives: rows as dictionaries; a ClickHouse HTTP read endpoint for the embedded engine.
Knows: no room. It is the only package that imports `clickhouse_connect` or `chdb`.
"""

from billtrail.store.engine import Engine, Segment
from billtrail.store.settings import StoreSettings
from billtrail.store.statement import read_statement
from billtrail.store.store import Row, Store, open_reader, open_store

__all__ = ["Engine", "Row", "Segment", "Store", "StoreSettings", "open_reader", "open_store", "read_statement"]
