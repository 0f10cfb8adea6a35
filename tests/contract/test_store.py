"""What a room may rely on, whichever engine stands behind the store."""

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from billtrail.errors import StoreError
from billtrail.store import Segment, Store, StoreSettings, open_store
from billtrail.store.migrate import Migrator, read_migrations

AT = datetime(2026, 3, 2, 12, 0, 0, 123000, tzinfo=UTC)
SCHEMA = 'syntax = "proto3"; message Frame { uint64 number = 1; string text = 2; }'
LOAD = "INSERT INTO loaded (number, text) SELECT number * {factor:UInt64}, text FROM {{segment}}"


def test_every_migration_applies_and_is_remembered(store: Store) -> None:
    applied = store.query("SELECT count() AS n FROM schema_migrations FINAL")
    assert applied == [{"n": len(list(read_migrations()))}]
    assert Migrator(store._engine, store.settings).plan() == []


def test_parameters_are_typed_on_the_engine(store: Store) -> None:
    params = {"count": 3, "text": 'it\'s\t"so" \\ \n{x}', "many": ["a'b", "c"], "at": AT, "price": Decimal("12.30")}
    rows = store.query(
        "SELECT {count:UInt64} + 1 AS count, {text:String} AS text, {many:Array(String)} AS many,"
        " {at:DateTime64(3, 'UTC')} AS at, {price:Decimal(18, 2)} AS price",
        params,
    )
    assert rows == [{**params, "count": 4}]


def test_an_empty_answer_is_an_empty_list(store: Store) -> None:
    assert store.query("SELECT * FROM audit_log WHERE actor = {actor:String}", {"actor": "nobody"}) == []


def test_a_failed_query_is_never_an_empty_answer(store: Store) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        store.query("SELECT * FROM nowhere")
    with pytest.raises(StoreError):
        store.command("INSERT INTO audit_log (nothing) VALUES (1)")
    with pytest.raises(StoreError):
        store.insert("nowhere", [{"a": 1}])


def test_commands_take_parameters(store: Store) -> None:
    store.command(
        "INSERT INTO audit_log (at, actor) SELECT {at:DateTime64(3, 'UTC')}, {actor:String}", {"at": AT, "actor": "ada"}
    )
    assert store.query("SELECT at, actor FROM audit_log") == [{"at": AT, "actor": "ada"}]


def test_rows_come_back_as_they_went_in(store: Store) -> None:
    row = {
        "lifecycle_id": "psa:contract:7",
        "contract_value": Decimal("12345678901234.56"),
        "milestones": {"contract_signed": AT},
        "milestone_states": {"contract_signed": "done"},
        "billings": [("erp:invoice:1", AT, AT, Decimal("10.00"))],
        "systems": ["crm", "psa"],
        "time_to_bill_ms": None,
        "client": "Müller & Söhne",
    }
    store.insert("lifecycle_rows", [row, {**row, "lifecycle_id": "psa:contract:8", "time_to_bill_ms": -5}])
    columns = ", ".join(row)
    back = store.query(f"SELECT {columns} FROM lifecycles ORDER BY lifecycle_id")
    back[0]["billings"] = [tuple(billing.values()) for billing in back[0]["billings"]]
    assert back[0] == row
    assert back[1]["time_to_bill_ms"] == -5


def test_inserting_nothing_does_nothing(store: Store) -> None:
    store.insert("audit_log", [])
    assert store.query("SELECT count() AS n FROM audit_log") == [{"n": 0}]


def test_a_journal_segment_is_loaded(store: Store, tmp_path: Path) -> None:
    _load(store, _segment(tmp_path, [(1, "one"), (2, "zwölf ' \\")]), "first")
    assert _loaded(store) == [(10, "one"), (20, "zwölf ' \\")]


def test_a_segment_loaded_again_is_there_once(store: Store, tmp_path: Path) -> None:
    segment = _segment(tmp_path, [(number, "x") for number in range(1_000)])
    for _ in range(3):
        _load(store, segment, "once")
    assert len(_loaded(store)) == 1_000
    _load(store, segment, "another token")
    assert len(_loaded(store)) == 2_000


def test_a_truncated_segment_is_refused_whole(store: Store, tmp_path: Path) -> None:
    segment = _segment(tmp_path, [(1, "one"), (2, "two")])
    segment.path.write_bytes(segment.path.read_bytes()[:-2])
    with pytest.raises(StoreError):
        _load(store, segment, "broken")
    assert _loaded(store) == []


def test_a_schema_file_that_is_not_whole_is_written_anew(
    engine_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = replace(_segment(tmp_path, [(1, "one")]), schema=f"{SCHEMA} // not whole")
    with closing(open_store(StoreSettings(data=engine_path, database="schemas"), migrates=False)) as store:
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", _refuse)
            with pytest.raises(OSError, match="No space left"):
                _load(store, segment, "first")
        _load(store, segment, "second")
        [file] = [path for path in (engine_path / "schemas").glob("*.proto") if path.read_text() == segment.schema]
        file.write_bytes(b"")
        _load(store, segment, "third")
        assert file.read_text() == segment.schema
        assert _loaded(store) == [(10, "one")] * 2
        store.command("DROP DATABASE schemas")


def test_an_insert_repeated_with_its_token_is_done_once(store: Store) -> None:
    _create(store)
    for _ in range(2):
        store._engine.command(
            "INSERT INTO loaded SELECT number, 'x' FROM numbers(10)",
            {},
            {"insert_deduplication_token": "t", "max_threads": 1, "max_insert_threads": 1},
        )
    assert len(_loaded(store)) == 10


def test_a_second_lane_sees_the_same_database(store: Store) -> None:
    store.insert("audit_log", [{"at": AT, "actor": "ada"}])
    other = store.another()
    try:
        assert other.query("SELECT actor FROM audit_log") == [{"actor": "ada"}]
    finally:
        other.close()


def _refuse(fd: int) -> None:
    raise OSError(28, "No space left on device")


def _segment(folder: Path, rows: Sequence[tuple[int, str]]) -> Segment:
    path = folder / "1.pb"
    path.write_bytes(b"".join(_frame(number, text) for number, text in rows))
    return Segment(path, SCHEMA, "Frame", "number UInt64, text String")


def _frame(number: int, text: str) -> bytes:
    body = b"\x08" + _varint(number) + b"\x12" + _varint(len(text.encode())) + text.encode()
    return _varint(len(body)) + body


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _create(store: Store) -> None:
    store.command(
        "CREATE TABLE IF NOT EXISTS loaded (number UInt64, text String) ENGINE = MergeTree ORDER BY number"
        " SETTINGS non_replicated_deduplication_window = 100"
    )


def _load(store: Store, segment: Segment, token: str) -> None:
    _create(store)
    settings = {"insert_deduplication_token": token, "max_threads": 1, "max_insert_threads": 1}
    store._engine.load(LOAD, segment, {"factor": 10}, settings)


def _loaded(store: Store) -> list[tuple[int, str]]:
    rows = store.query("SELECT number, text FROM loaded ORDER BY number")
    return [(row["number"], row["text"]) for row in rows]
