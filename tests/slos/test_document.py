"""SLA and calendar documents: ours are good, every mistake is named with its place, strange ones never crash.

A bad document lies in `bad/` under the name of its mistake and says in its last line what it is refused for.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from slos import SlosSettings, validate
from slos.calendar_document import read_calendar
from slos.catalogue import check_document, read_catalogue, read_vocabulary
from slos.duration import format_open_time, parse_open_time_ms, parse_window_days
from slos.vocabulary import Vocabulary
from slos.yaml_source import read_documents
from tests.slos.firm import JOURNEYS, SHIPPED

BAD = Path(__file__).parent / "bad"
SETTINGS = SlosSettings()
REFERENCES = Path(__file__).parents[3] / "shared" / "logs" / "openslo"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_vocabulary(SETTINGS, JOURNEYS)


def read_refusal(file: Path) -> str:
    return file.read_bytes().rpartition(b"# refused: ")[2].decode().strip()


def test_the_documents_that_come_with_it_are_good() -> None:
    catalogue = read_catalogue(SETTINGS, JOURNEYS)
    assert catalogue.problems == ()
    assert [definition.sla for definition in catalogue.definitions] == SHIPPED
    assert {calendar.name for calendar in catalogue.calendars} == {
        "always",
        "au-business",
        "de-business",
        "uk-business",
        "us-business",
    }


def test_every_runbook_says_what_it_means_and_whom_to_ask() -> None:
    headings = ["What it means", "First look", "Likely causes", "Fix", "Escalate"]
    for file in SETTINGS.runbooks.glob("*.md"):
        lines = file.read_text(encoding="utf-8").splitlines()
        assert [line[3:] for line in lines if line.startswith("## ")] == headings, file.name


@pytest.mark.parametrize("file", sorted(BAD.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_bad_sla_is_refused_with_its_place(file: Path, vocabulary: Vocabulary) -> None:
    problems = check_document(file, vocabulary)
    assert str(problems[0]).removeprefix(str(file)).lstrip(": ") == read_refusal(file)


@pytest.mark.parametrize("file", sorted((BAD / "calendars").glob("*.yaml")), ids=lambda file: file.stem)
def test_a_bad_calendar_is_refused_with_its_place(file: Path) -> None:
    documents, problems = read_documents(file)
    assert [read_calendar(document) for document in documents] == [None]
    assert str(problems[0]).removeprefix(str(file)).lstrip(": ") == read_refusal(file)


def test_an_sla_that_stands_in_two_files_is_refused(tmp_path: Path) -> None:
    text = (SETTINGS.definitions / "time-posting.yaml").read_text(encoding="utf-8")
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [problem.message for problem in validate(tmp_path, SETTINGS, JOURNEYS)] == [
        "SLA time-posting is defined twice"
    ]


def test_budgets_without_the_usual_burn_windows_are_refused_not_left_unjudged(tmp_path: Path) -> None:
    text = (SETTINGS.burn_windows / "sre-workbook.yaml").read_text("utf-8")
    (tmp_path / "ours.yaml").write_text(text.replace("burn_windows: sre-workbook", "burn_windows: ours"), "utf-8")
    problems = read_catalogue(SETTINGS.model_copy(update={"burn_windows": tmp_path}), JOURNEYS).problems
    assert {problem.message for problem in problems} == {"there is no table of burn windows sre-workbook"}
    assert len(problems) == len(SHIPPED)


def test_a_folder_that_is_not_there_is_a_problem_not_an_empty_catalogue(tmp_path: Path) -> None:
    missing = SETTINGS.model_copy(update={"definitions": tmp_path / "gone"})
    assert [problem.message for problem in read_catalogue(missing, JOURNEYS).problems] == ["the folder does not exist"]


@pytest.mark.reference
@pytest.mark.skipif(not REFERENCES.is_dir(), reason="the OpenSLO documents of others are not beside the project")
@pytest.mark.parametrize("file", sorted(REFERENCES.glob("*.[yj]*")), ids=lambda file: file.name)
def test_documents_of_others_are_refused_with_a_reason(file: Path) -> None:
    messages = [problem.message for problem in validate(file, SETTINGS, JOURNEYS)]
    found = [one for document in yaml.safe_load_all(file.read_text("utf-8")) for one in list_documents(document)]
    reasons = [say_reason(document) for document in found] or ["holds no document"]
    assert [reason for reason in reasons if not any(reason in message for message in messages)] == []


def list_documents(document: Any) -> list[Any]:
    return document if isinstance(document, list) else [document] * bool(document)


def say_reason(document: Any) -> str:
    """Why a document of others cannot be evaluated: it is of another version or kind, or asks other sources."""
    if document["apiVersion"] != "openslo/v1":
        return f"{document['apiVersion']} is not read"
    if document["kind"] != "SLO":
        return f"kind {document['kind']} has no meaning here"
    if "indicatorRef" in document["spec"]:
        return "references between documents are not followed"
    indicator = document["spec"]["indicator"]["spec"]
    return "there is no threshold" if "thresholdMetric" in indicator else "counted from the clocks"


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damage_to_a_document_makes_the_reader_crash(
    vocabulary: Vocabulary, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    good = (SETTINGS.definitions / "time-posting.yaml").read_bytes()
    at = data.draw(st.integers(0, len(good)))
    cut = data.draw(st.integers(0, 40))
    put = data.draw(
        st.one_of(st.binary(max_size=6), st.sampled_from([b"*a", b"&a ", b"!!python/name:x ", b": {", b"- ?"]))
    )
    file = tmp_path_factory.getbasetemp() / "damaged.yaml"
    file.write_bytes(good[:at] + put + good[at + cut :])
    for problem in check_document(file, vocabulary):
        assert problem.message


@given(minutes=st.integers(1, 300_000))
def test_a_duration_is_read_as_it_is_written(minutes: int) -> None:
    assert parse_open_time_ms(format_open_time(minutes * 60_000)) == minutes * 60_000


def test_a_window_is_counted_in_days() -> None:
    assert [parse_window_days(text) for text in ("1d", "28d", "4w")] == [1, 28, 28]
