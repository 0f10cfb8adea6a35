"""Bringing the tables up to date: numbered files, forward only, each recorded with its checksum.

A file that was applied must not change afterwards; a new wish is a new file. One file is one statement.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files

from billtrail.errors import InvariantError, StoreError
from billtrail.store.engine import Engine
from billtrail.store.settings import StoreSettings
from billtrail.store.topology import render_ddl

LEDGER = """
CREATE TABLE IF NOT EXISTS schema_migrations {{on_cluster}}
(number UInt32, name String, checksum String, applied_at DateTime64(3, 'UTC'))
ENGINE = {{engine:ReplacingMergeTree(applied_at)}} ORDER BY number
"""
_FILE = re.compile(r"^(\d{4})_[a-z0-9_]+\.sql$")


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


class Migrator:
    """Applies what is missing, in order. Safe to run again; safe to interrupt between two files."""

    def __init__(self, engine: Engine, settings: StoreSettings) -> None:
        self._engine = engine
        self._settings = settings

    def plan(self) -> list[Migration]:
        """List what would be applied. Raises StoreError when an applied file was changed since."""
        self._engine.command(render_ddl(LEDGER, self._settings), {}, {})
        applied = {
            row["number"]: row["checksum"]
            for row in self._engine.query("SELECT number, checksum FROM schema_migrations FINAL", {})
        }
        known = list(read_migrations())
        for migration in known:
            if applied.get(migration.number, migration.checksum) != migration.checksum:
                raise StoreError(
                    f"migration {migration.name} differs from the one applied to this store",
                    hint="restore the file and put the change into a new migration",
                )
        if unknown := set(applied) - {migration.number for migration in known}:
            raise StoreError(
                f"this store was made by a newer Billtrail: it has migration {max(unknown):04}",
                hint="run the newer version on it",
            )
        return [migration for migration in known if migration.number not in applied]

    def apply(self) -> list[Migration]:
        """Apply what is missing and answer what that was."""
        missing = self.plan()
        for migration in missing:
            self._engine.command(render_ddl(migration.sql, self._settings), {}, {})
            self._engine.insert(
                "schema_migrations",
                ["number", "name", "checksum", "applied_at"],
                [[migration.number, migration.name, migration.checksum, datetime.now(UTC)]],
            )
        return missing


def read_migrations() -> Iterator[Migration]:
    """Read the migration files in order. Raises InvariantError on a gap or a doubled number."""
    folder = files("billtrail.store") / "migrations"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    for expected, name in enumerate(names, start=1):
        match = _FILE.match(name)
        if not match or int(match.group(1)) != expected:
            raise InvariantError(f"migration {name}: expected {expected:04}_verb_noun.sql")
        yield Migration(expected, name, (folder / name).read_text(encoding="utf-8").strip().rstrip(";"))
