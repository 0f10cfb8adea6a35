"""Journeys as people write them: what is wrong is told with its place and the nearest right word."""

from pathlib import Path

import pytest

from billtrail.errors import SettingsError
from billtrail.store import Store
from correlators.compile import compile_journeys
from correlators.journey import SHIPPED, read_journey, read_journeys
from correlators.stitch import Stitcher
from tests.support.clock import SteppedClock
from tests.support.events import Event, put_events

DOCUMENT = """\
journey: loan
version: 1
effective_on: 2026-01-01
roles: {desk: {systems: [desk, counter], owner: front-office}}
object_types:
  loan: {role: root}
  rate: {role: part, of: [loan]}
relations: []
milestones:
  - {name: asked, event: loan.asked, of: loan, by: desk}
  - {name: granted, event: loan.granted, of: loan, after: [asked]}
  - {name: paid, event: rate.paid, of: rate, after: [granted], repeats: true}
"""


def write(folder: Path, old: str, new: str) -> Path:
    file = folder / "loan.yaml"
    assert old in DOCUMENT
    file.write_text(DOCUMENT.replace(old, new), encoding="utf-8")
    return file


def test_the_shipped_journeys_are_read_with_their_order() -> None:
    journeys = {journey.journey: journey for journey in read_journeys()}
    milestones = {milestone.name: milestone for milestone in journeys["quote_to_cash"].milestones}
    assert milestones["time_posted"].after == ("time_approved", "project_in_erp")
    assert len(journeys) == len(list(SHIPPED.glob("*.yaml")))


def test_a_lifecycle_is_held_against_the_version_in_which_it_began(store: Store, tmp_path: Path) -> None:
    write(tmp_path, "", "")
    checked = "  - {name: checked, event: loan.checked, of: loan, after: [asked]}\n  - {name: granted"
    newer = DOCUMENT.replace("version: 1", "version: 2").replace("2026-01-01", "2026-06-01")
    (tmp_path / "a_newer.yaml").write_text(newer.replace("  - {name: granted", checked), encoding="utf-8")
    compile_journeys(store, read_journeys(tmp_path), 1)
    march, july = ("desk:loan:march", 0), ("desk:loan:july", 24 * 125)
    told = [Event(key, "loan.asked", ((key, "subject"),), hours) for key, hours in (march, july)]
    put_events(store, 1, [*told, Event("granted", "loan.granted", ((march[0], "subject"),), 5)])
    Stitcher(store, SteppedClock(), 10_000).step()
    rows = store.query("SELECT lifecycle_id, milestone_states AS states FROM lifecycles ORDER BY lifecycle_id")
    assert [row["lifecycle_id"] for row in rows] == [july[0], march[0]]
    assert [row["states"]["checked"] for row in rows] == ["pending", "not_applicable"]
    assert [row["states"]["granted"] for row in rows] == ["pending", "done"]


def test_a_milestone_is_owned_by_whom_it_names_or_else_by_its_system_of_record(store: Store, tmp_path: Path) -> None:
    write(tmp_path, "of: rate,", "of: rate, by: desk, owner: cashier,")
    compile_journeys(store, read_journeys(tmp_path), 1)
    rows = store.query("SELECT milestone, owner, systems FROM journey_milestones ORDER BY position")
    assert [(row["milestone"], row["owner"], row["systems"]) for row in rows] == [
        ("asked", "front-office", ["desk", "counter"]),
        ("granted", "", []),
        ("paid", "cashier", ["desk", "counter"]),
    ]


def test_two_versions_may_not_begin_on_one_day(tmp_path: Path) -> None:
    write(tmp_path, "", "")
    (tmp_path / "other.yaml").write_text(DOCUMENT, encoding="utf-8")
    with pytest.raises(SettingsError, match="another version of 'loan' is effective on 2026-01-01"):
        read_journeys(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[asked]", "[askd]", "loan.yaml:11:60: milestones[1].after[0]: unknown name 'askd' (did you mean asked?)"),
        ("after: [asked]", "afetr: [asked]", "loan.yaml:11:59: milestones[1].afetr: unknown key (did you mean after?)"),
        ("owner: front", "ownr: front", "loan.yaml:4:48: roles.desk.ownr: unknown key (did you mean owner?)"),
        ("after: [asked]", "after: 7", "loan.yaml:11:59: milestones[1].after: input should be a valid tuple"),
        (
            "by: desk",
            "by: desk, after: [paid]",
            "loan.yaml:10:65: milestones[0].after: the order goes round in a circle: asked -> paid -> granted -> asked",
        ),
        ("name: granted", "name: asked", "loan.yaml:11:12: milestones[1].name: asked is declared twice"),
        ("of: rate", "of: rat", "loan.yaml:12:40: milestones[2].of: unknown name 'rat' (did you mean rate?)"),
        ("by: desk", "by: dsk", "loan.yaml:10:52: milestones[0].by: unknown name 'dsk' (did you mean desk?)"),
        (
            "of: [loan]",
            "of: [rate]",
            "loan.yaml:7:26: object_types.rate.of: part_of goes round in a circle: rate -> rate",
        ),
        ("role: root", "role: stem", "loan.yaml:6:16: object_types.loan.role: input should be 'root'"),
        ("version: 1", "version: [", "loan.yaml:4:6: not valid YAML"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_journey(write(tmp_path, old, new))
    assert str(caught.value).startswith(told)
