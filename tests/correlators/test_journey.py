"""Journeys as people write them: what is wrong is told with its place and the nearest right word."""

from pathlib import Path

import pytest

from billtrail.errors import SettingsError
from correlators.journey import SHIPPED, read_journey, read_journeys

DOCUMENT = """\
journey: loan
version: 1
effective_on: 2026-01-01
roles: {desk: [desk]}
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


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[asked]", "[askd]", "loan.yaml:11:60: milestones[1].after[0]: unknown name 'askd' (did you mean asked?)"),
        ("after: [asked]", "afetr: [asked]", "loan.yaml:11:59: milestones[1].afetr: unknown key (did you mean after?)"),
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
