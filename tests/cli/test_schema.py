"""`billtrail schema plan|apply`: what is missing, and then nothing is."""

from pathlib import Path

from billtrail.store.migrate import read_migrations
from tests.cli.terminal import type_words


def test_a_new_store_is_planned_then_applied_then_up_to_date(tmp_path: Path) -> None:
    names = [one.name for one in read_migrations()]
    planned = type_words("schema", "plan", "--json", cwd=tmp_path)
    assert [row["migration"] for row in planned.json] == names
    applied = type_words("schema", "apply", "--json", cwd=tmp_path)
    assert [row["applied"] for row in applied.json] == names
    assert "the tables are up to date" in type_words("schema", "plan", cwd=tmp_path).out


def test_the_statements_can_be_read_before(tmp_path: Path) -> None:
    said = type_words("schema", "plan", "--ddl", cwd=tmp_path)
    assert "CREATE TABLE raw_events" in said.out
    assert "{{" not in said.out
