"""The drop folder: what is taken and when, encodings and delimiters, what is refused and why, a crash on the way."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from billtrail.errors import StoreError
from collector.mapping.pull import FileRule
from collector.pull.desk import Desk
from collector.pull.drop import DropFolder
from collector.pull.table_file import find_delimiter
from collector.webhook.intake import SourceDoor, SourceIntake
from tests.collector.pull.conftest import Keeping, steady
from tests.support.clock import SteppedClock

CSV = 'id,amount,name\n1,10.50,Zoë\n2,,"a, b"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "drop"
    found.mkdir()
    return found


Make = Callable[..., DropFolder]


@pytest.fixture
def make(desk: Desk, folder: Path) -> Make:
    return lambda at=desk, **rule: DropFolder(at, folder, FileRule(**rule), steady())


def rows(keeping: Keeping) -> list[dict[str, str]]:
    return [{name: value for name, value in body.items() if not name.startswith("@")} for body in keeping.bodies]


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (CSV.encode(), {}),
        (CSV.replace("\n", "\r\n").encode("utf-8-sig"), {}),
        (CSV.encode("utf-16"), {}),
        (CSV.encode("cp1252"), {"encoding": "cp1252"}),
        (CSV.encode("utf-8-sig"), {"encoding": "cp1252"}),
        (CSV.replace(",", ";").replace("a; b", "a, b").encode(), {}),
        (CSV.replace(",", "\t").replace("a\t b", "a, b").encode(), {}),
        (CSV.replace(",", "#").replace("a# b", "a, b").encode(), {"delimiter": "#"}),
        (CSV.replace("\n", "\n\n").encode(), {}),
    ],
)
def test_rows_become_objects_by_the_names_in_the_first_line(
    make: Make, folder: Path, keeping: Keeping, data: bytes, rule: dict[str, str]
) -> None:
    (folder / "invoices.csv").write_bytes(data)
    assert make(**rule).step() == 2
    assert rows(keeping) == [{"id": "1", "amount": "10.50", "name": "Zoë"}, {"id": "2", "amount": "", "name": "a, b"}]
    assert names(folder) == {"done/invoices.csv"}


def test_a_row_says_which_file_and_line_it_is_of_and_has_an_id_that_stays(
    make: Make, folder: Path, keeping: Keeping
) -> None:
    (folder / "one.csv").write_text("a\nx\ny\nx\n")
    (folder / "two.csv").write_text("a\ny\nx\n")
    drop = make()
    assert [drop.step(), drop.step()] == [3, 2]
    told = [(body["@file"], body["@row"], body["a"]) for body in keeping.bodies]
    assert told[:3] == [("one.csv", "1", "x"), ("one.csv", "2", "y"), ("one.csv", "3", "x")]
    x, y, again, y_of_two, x_of_two = (body["@row_id"] for body in keeping.bodies)
    assert (x, y) == (x_of_two, y_of_two)
    assert again not in (x, y)


def test_a_file_without_its_final_name_is_not_touched(make: Make, folder: Path, keeping: Keeping) -> None:
    for name in ("a.csv.part", ".b.csv", "c.tmp", "d.xlsx"):
        (folder / name).write_text(CSV)
    (folder / "link.csv").symlink_to(folder / "a.csv.part")
    drop = make()
    assert drop.step() == 0
    (folder / "a.csv.part").rename(folder / "a.csv")
    drop.due_at = drop.due_at.min.replace(tzinfo=drop.due_at.tzinfo)
    assert drop.step() == 2


def test_with_a_sign_a_file_is_whole_when_the_sign_is_there(make: Make, folder: Path, clock: SteppedClock) -> None:
    (folder / "a.csv").write_text(CSV)
    drop = make(complete="done")
    assert drop.step() == 0
    (folder / "a.csv.done").touch()
    clock.step(seconds=5)
    assert drop.step() == 2
    assert names(folder) == {"done/a.csv"}


def test_lines_of_json_are_messages_as_they_are(make: Make, folder: Path, keeping: Keeping) -> None:
    (folder / "a.jsonl").write_bytes(b'\xef\xbb\xbf{"id": 1}\n\n{"id": 2}\r\n')
    assert make().step() == 2
    assert keeping.bodies == [{"id": 1}, {"id": 2}]


@pytest.mark.parametrize(
    "case",
    [
        ("latin.csv", CSV.encode("latin-1"), "line 2: the file is not utf-8"),
        ("short.csv", b"a,b\n1,2\n3\n", "line 3: 1 cells, and the first line has 2"),
        ("long.csv", b"a,b\n1,2,3\n", "line 2: 3 cells, and the first line has 2"),
        ("doubled.csv", b"a,a\n1,2\n", "line 1: a column has no name, or the name of another: 'a'"),
        ("nameless.csv", b"a,\n1,2\n", "line 1: a column has no name, or the name of another: ''"),
        ("empty.csv", b"", "line 1: the names of the columns are missing"),
        ("nul.csv", b"a,b\n1,\x00\n", "line 2: there is a NUL in the text"),
        ("quote.csv", b'a,b\n1,"2\n', "line 2: unexpected end of data"),
        ("wrong.jsonl", b'{"a": 1}\n{"a"\n', "line 2: no JSON"),
    ],
)
def test_a_bad_file_is_refused_as_a_whole_with_the_reason_beside_it(
    make: Make, folder: Path, keeping: Keeping, case: tuple[str, bytes, str]
) -> None:
    name, data, reason = case
    (folder / name).write_bytes(data)
    assert make().step() == 0
    assert keeping.bodies == []
    assert names(folder) == {f"refused/{name}", f"refused/{name}.reason.txt"}
    assert (folder / "refused" / f"{name}.reason.txt").read_text().startswith(reason)


def test_a_bad_file_does_not_hold_up_the_next(make: Make, folder: Path, keeping: Keeping) -> None:
    (folder / "a.csv").write_bytes(b"")
    (folder / "b.csv").write_text(CSV)
    drop = make()
    assert [drop.step(), drop.step()] == [0, 2]


def test_a_file_of_a_name_that_was_there_before_does_not_replace_it(make: Make, folder: Path) -> None:
    drop = make()
    for _ in range(3):
        (folder / "a.csv").write_text(CSV)
        drop.step()
    assert names(folder) == {"done/a.csv", "done/a.2.csv", "done/a.3.csv"}


class Full(SourceIntake):
    def keep(self, source: str, door: SourceDoor, bodies: object) -> None:
        raise StoreError("the events journal is full", is_transient=True)


def test_a_file_stays_where_it_is_until_its_rows_are_durable(
    make: Make, desk: Desk, folder: Path, keeping: Keeping
) -> None:
    (folder / "a.csv").write_text(CSV)
    drop = make(replace(desk, intake=Full(keeping.journal, desk.clock)))
    assert drop.step() == 0
    assert "full" in drop.last_error
    assert names(folder) == {"a.csv"}
    assert make().step() == 2


def test_a_crash_before_the_move_takes_the_file_again_with_the_same_ids(
    make: Make, folder: Path, keeping: Keeping
) -> None:
    (folder / "a.csv").write_text(CSV)
    make().step()
    (folder / "done" / "a.csv").rename(folder / "a.csv")
    make().step()
    ids = [body["@row_id"] for body in keeping.bodies]
    assert ids[:2] == ids[2:]


@pytest.mark.parametrize(("line", "found"), [("a;b,c;d", ";"), ('"x;y;z",b', ","), ("a|b", "|"), ("alone", ",")])
def test_the_delimiter_is_what_stands_most_often_outside_quotes(line: str, found: str) -> None:
    assert find_delimiter(line + "\n") == found
