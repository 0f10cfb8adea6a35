"""Writes `store/schema/`: today's tables and views, one file each, prefixed by the stage they belong to.

`1_` raw, `2_` canonical, `3_` lifecycles, `4_` verdicts, `5_` notices: listing the folder shows the flow. The files are
what the engine answers after all migrations, so they are true however the tables came to be. They are to be read; the
migrations make the tables. Run as `python -m billtrail.store.schema_dump` (`make golden`).
"""

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from billtrail.errors import InvariantError
from billtrail.store.migrate import read_migrations
from billtrail.store.settings import StoreSettings
from billtrail.store.store import Store, open_store

FOLDER = Path(__file__).parent / "schema"

STAGES: Mapping[int, str] = {
    1: "raw_events span_records spans span_links span_links_from_spans span_error_rows span_errors_from_spans span_keys"
    " dead_letter_rows dead_letters"
    " segment_ledger pull_cursors source_gap_rows source_gaps",
    2: "event_versions events object_declarations source_health source_tallies source_expectations weak_events"
    " object_rows objects relation_rows declared_edges people_links relations",
    3: "journey_types journey_relations journey_milestones lifecycle_rows lifecycles lifecycle_object_rows"
    " lifecycle_objects lifecycle_event_rows lifecycle_events milestone_rows milestones unmatched_event_rows"
    " unmatched_events run_lifecycles run_lifecycles_from_events pending_lifecycles variants"
    " error_rules span_errors loop_cursors backlog_events",
    4: "calendar_spans calendar_closes sla_definitions sla_exclusions clock_verdicts clock_rows"
    " clock_rows_from_verdicts sla_clocks sla_reports sla_objective_rows sla_budget_rows sla_budgets sla_burn_rows"
    " sla_burns sla_predictions conformance finding_rows findings",
    5: "alert_rows alerts notification_rows notifications audit_log",
}
_CREATED = re.compile(r"^CREATE (?:TABLE|VIEW|MATERIALIZED VIEW)(?: IF NOT EXISTS)? (\w+)", re.MULTILINE)
_DEFAULT_GRANULARITY = re.compile(r"(?:,|\nSETTINGS) index_granularity = 8192")


def dump_schema(store: Store) -> dict[str, str]:
    """Answer file name to text for every table and view of the store. Raises InvariantError on one without a stage."""
    stages = {name: stage for stage, names in STAGES.items() for name in names.split()}
    purposes = _read_purposes()
    texts = {}
    for row in store.query("SHOW TABLES WHERE name NOT LIKE '.inner%' AND name != 'schema_migrations'"):
        name = row["name"]
        if name not in stages:
            raise InvariantError(f"table {name} has no stage", hint="give it one in billtrail/store/schema_dump.py")
        texts[f"{stages[name]}_{name}.sql"] = purposes.get(name, "") + _read_statement(store, name) + "\n"
    return texts


def write_schema(folder: Path = FOLDER) -> None:
    """Make the folder hold exactly today's tables, from a fresh store with every migration applied."""
    with tempfile.TemporaryDirectory() as data:
        store = open_store(StoreSettings(data=Path(data), database="schema"))
        texts = dump_schema(store)
        store.close()
    folder.mkdir(exist_ok=True)
    for stale in {path.name for path in folder.glob("*.sql")} - set(texts):
        (folder / stale).unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _read_statement(store: Store, name: str) -> str:
    statement: str = store.query(f"SHOW CREATE TABLE `{name}`")[0]["statement"]
    database = re.escape(store.settings.database)
    return _DEFAULT_GRANULARITY.sub("", re.sub(rf"\b`?{database}`?\.", "", statement))


def _read_purposes() -> dict[str, str]:
    """Answer table name to the opening comment of the migration that made it."""
    purposes = {}
    for migration in read_migrations():
        if made := _CREATED.search(migration.sql):
            purposes[made.group(1)] = migration.sql[: made.start()]
    return purposes


if __name__ == "__main__":
    write_schema()
