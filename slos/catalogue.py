"""What stands in the folders: every calendar and every SLA that can be read, and every mistake that was found.

A catalogue with a problem is shown, never used: the last good one stays in force (see `slos.judge`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from slos.calendar import BusinessCalendar
from slos.calendar_document import read_calendar
from slos.definition import SlaDefinition
from slos.document import read_sla
from slos.problem import Problem
from slos.section import Section
from slos.settings import SlosSettings
from slos.vocabulary import Milestone, Vocabulary
from slos.yaml_source import read_documents

Journeys = Mapping[str, Mapping[str, Milestone]]
_Noun = TypeVar("_Noun", BusinessCalendar, SlaDefinition)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything of one reading, in the order of the file names."""

    calendars: tuple[BusinessCalendar, ...]
    definitions: tuple[SlaDefinition, ...]
    problems: tuple[Problem, ...]


def read_catalogue(settings: SlosSettings, journeys: Journeys) -> Catalogue:
    """Read both folders and check the SLAs against the journeys and calendars. Never raises on a bad document."""
    problems: list[Problem] = []
    calendars = tuple(_read_all(settings.calendars, problems, read_calendar))
    problems += _find_doubles(settings.calendars, [calendar.name for calendar in calendars], "calendar")
    vocabulary = Vocabulary(
        journeys=journeys,
        calendars=frozenset(calendar.name for calendar in calendars),
        runbooks=frozenset(file.stem for file in settings.runbooks.glob("*.md")),
    )
    definitions = tuple(_read_all(settings.definitions, problems, lambda document: read_sla(document, vocabulary)))
    problems += _find_doubles(settings.definitions, [definition.sla for definition in definitions], "SLA")
    return Catalogue(calendars, definitions, tuple(problems))


def find_problems(path: Path, settings: SlosSettings, journeys: Journeys) -> tuple[Problem, ...]:
    """Check one SLA document, or a folder of them, against the calendars and runbooks in force."""
    if path.is_dir():
        return read_catalogue(settings.model_copy(update={"definitions": path}), journeys).problems
    catalogue = read_catalogue(settings, journeys)
    vocabulary = Vocabulary(
        journeys=journeys,
        calendars=frozenset(calendar.name for calendar in catalogue.calendars),
        runbooks=frozenset(file.stem for file in settings.runbooks.glob("*.md")),
    )
    problems: list[Problem] = []
    list(_read_file(path, problems, lambda document: read_sla(document, vocabulary)))
    return tuple(problems)


def _read_all(folder: Path, problems: list[Problem], read: Callable[[Section], _Noun | None]) -> Iterator[_Noun]:
    if not folder.is_dir():
        problems.append(Problem(str(folder), 0, 0, "", "the folder does not exist", "check the settings of [slos]"))
        return
    for file in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        yield from _read_file(file, problems, read)


def _read_file(file: Path, problems: list[Problem], read: Callable[[Section], _Noun | None]) -> Iterator[_Noun]:
    documents, found = read_documents(file)
    for document in documents:
        if noun := read(document):
            yield noun
    if not documents and not found:
        found.append(Problem(str(file), 0, 0, "", "holds no document"))
    problems += sorted(found, key=lambda problem: (problem.line, problem.column))


def _find_doubles(folder: Path, names: list[str], what: str) -> list[Problem]:
    doubled = sorted({name for name in names if names.count(name) > 1})
    return [Problem(str(folder), 0, 0, "", f"{what} {name} is defined twice") for name in doubled]
