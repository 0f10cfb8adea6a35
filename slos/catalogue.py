"""What stands in the folders: every calendar and every SLA that can be read, and every mistake that was found.

A catalogue with a problem is shown, never used: the last good one stays in force (see `slos.judge`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from billtrail.document.problem import Problem
from slos.burn import BurnTable
from slos.burn_document import read_burn_table
from slos.calendar import BusinessCalendar
from slos.calendar_document import read_calendar
from slos.composite import is_composite, read_composite
from slos.definition import SlaDefinition
from slos.document import is_slo, read_sla
from slos.exclusion import Exclusion, read_exclusion
from slos.objective import Objective
from slos.section import Section
from slos.settings import SlosSettings
from slos.vocabulary import Milestone, Vocabulary
from slos.yaml_source import read_documents

Journeys = Mapping[str, Mapping[str, Milestone]]
_Noun = TypeVar("_Noun", BusinessCalendar, BurnTable, Exclusion)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything of one reading, in the order of the file names. `composites` are objectives without a clock."""

    calendars: tuple[BusinessCalendar, ...]
    definitions: tuple[SlaDefinition, ...]
    composites: tuple[Objective, ...]
    burn_tables: tuple[BurnTable, ...]
    exclusions: tuple[Exclusion, ...]
    problems: tuple[Problem, ...]

    @property
    def objectives(self) -> tuple[Objective, ...]:
        return (*(definition.objective for definition in self.definitions), *self.composites)


def read_catalogue(settings: SlosSettings, journeys: Journeys) -> Catalogue:
    """Read the folders and check the SLAs against journeys, calendars and the rest. Never raises on a bad document."""
    problems: list[Problem] = []
    calendars = tuple(_read_all(settings.calendars, problems, read_calendar))
    problems += _find_doubles(settings.calendars, [calendar.name for calendar in calendars], "calendar")
    tables = tuple(_read_all(settings.burn_windows, problems, read_burn_table))
    problems += _find_doubles(settings.burn_windows, [table.name for table in tables], "table of burn windows")
    vocabulary = Vocabulary(
        journeys=journeys,
        calendars=frozenset(calendar.name for calendar in calendars),
        runbooks=frozenset(file.stem for file in settings.runbooks.glob("*.md")),
        burn_windows=frozenset(table.name for table in tables),
    )
    definitions, composites = _read_slas(_list(settings.definitions, problems), problems, vocabulary)
    names = [*(definition.sla for definition in definitions), *(composite.sla for composite in composites)]
    problems += _find_doubles(settings.definitions, names, "SLA")
    exclusions = tuple(_read_exclusions(settings.exclusions, problems, names))
    problems += _find_doubles(settings.exclusions, [one.exclusion for one in exclusions], "exclusion")
    return Catalogue(calendars, definitions, composites, tables, exclusions, tuple(problems))


def find_problems(path: Path, settings: SlosSettings, journeys: Journeys) -> tuple[Problem, ...]:
    """Check one SLA document, or a folder of them, against the calendars and runbooks in force."""
    if path.is_dir():
        return read_catalogue(settings.model_copy(update={"definitions": path}), journeys).problems
    return check_document(path, read_vocabulary(settings, journeys))


def read_vocabulary(settings: SlosSettings, journeys: Journeys) -> Vocabulary:
    """Read the names a document may use beside those in force."""
    catalogue = read_catalogue(settings, journeys)
    return Vocabulary(
        journeys=journeys,
        calendars=frozenset(calendar.name for calendar in catalogue.calendars),
        runbooks=frozenset(file.stem for file in settings.runbooks.glob("*.md")),
        burn_windows=frozenset(table.name for table in catalogue.burn_tables),
        indicators=_indicators(catalogue.definitions),
    )


def check_document(file: Path, vocabulary: Vocabulary) -> tuple[Problem, ...]:
    """Find what is wrong with one SLA document."""
    problems: list[Problem] = []
    _read_slas([file], problems, vocabulary)
    return tuple(problems)


def read_folder(folder: Path, read: Callable[[Section], _Noun | None]) -> tuple[_Noun, ...]:
    """Read what is good in a folder, without a word on what is not."""
    return tuple(_read_all(folder, [], read))


def _read_slas(
    files: list[Path], problems: list[Problem], vocabulary: Vocabulary
) -> tuple[tuple[SlaDefinition, ...], tuple[Objective, ...]]:
    """Read the SLAs, then the composites, which refer to the indicators of those."""
    read = [(file, *read_documents(file)) for file in files]
    documents = [document for _, found, _ in read for document in found]
    simple = [document for document in documents if not is_composite(document)]
    definitions = tuple(sla for document in simple if (sla := read_sla(document, vocabulary)))
    known = replace(vocabulary, indicators={**vocabulary.indicators, **_indicators(definitions)})
    composites = tuple(
        objective
        for document in documents
        if is_composite(document) and is_slo(document) and (objective := read_composite(document, known))
    )
    for file, found, mistakes in read:
        problems += _in_order(file, found, mistakes)
    return definitions, composites


def _indicators(definitions: Iterable[SlaDefinition]) -> dict[str, str]:
    return {definition.indicator: definition.sla for definition in definitions if definition.indicator}


def _read_exclusions(folder: Path, problems: list[Problem], slas: list[str]) -> Iterator[Exclusion]:
    if folder.is_dir():
        yield from _read_all(folder, problems, lambda document: read_exclusion(document, slas))


def _list(folder: Path, problems: list[Problem]) -> list[Path]:
    if not folder.is_dir():
        problems.append(Problem(str(folder), 0, 0, "", "the folder does not exist", "check the settings of [slos]"))
        return []
    return sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])


def _read_all(folder: Path, problems: list[Problem], read: Callable[[Section], _Noun | None]) -> Iterator[_Noun]:
    for file in _list(folder, problems):
        documents, found = read_documents(file)
        for document in documents:
            if noun := read(document):
                yield noun
        problems += _in_order(file, documents, found)


def _in_order(file: Path, documents: list[Section], found: list[Problem]) -> list[Problem]:
    if not documents and not found:
        return [Problem(str(file), 0, 0, "", "holds no document")]
    return sorted(found, key=lambda problem: (problem.line, problem.column))


def _find_doubles(folder: Path, names: list[str], what: str) -> list[Problem]:
    doubled = sorted({name for name in names if names.count(name) > 1})
    return [Problem(str(folder), 0, 0, "", f"{what} {name} is defined twice") for name in doubled]
