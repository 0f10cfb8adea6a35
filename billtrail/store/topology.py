"""The three holes of our DDL: engine, on-cluster clause, time-to-live.

`{{engine:ReplacingMergeTree(version)}}` becomes the engine of the topology, `{{on_cluster}}` the clause or nothing,
`{{ttl}}` nothing until a retention is set. Everything else in a migration is the same in all three places.
"""

import re

from billtrail.store.settings import StoreSettings, Topology

_ENGINE = re.compile(r"\{\{engine:(\w+)(?:\((.*?)\))?\}\}")


def render_ddl(sql: str, settings: StoreSettings) -> str:
    """Fill the holes of one migration for a topology."""
    on_cluster = f"ON CLUSTER `{settings.cluster}`" if settings.topology is Topology.CLUSTER else ""
    sql = _ENGINE.sub(lambda match: _engine(match.group(1), match.group(2) or "", settings.topology), sql)
    return sql.replace("{{on_cluster}}", on_cluster).replace("{{ttl}}", "").replace("  ", " ")


def _engine(name: str, arguments: str, topology: Topology) -> str:
    if topology is not Topology.CLUSTER:
        return f"{name}({arguments})"
    replica = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'"
    return f"Replicated{name}({', '.join(part for part in (replica, arguments) if part)})"
