"""A file of this room's documents as sections that know line and column; see `billtrail.document.compose`."""

from pathlib import Path

from billtrail.document.compose import compose_file
from billtrail.document.problem import Problem
from slos.section import Section, Source


def read_documents(file: Path, label: str = "") -> tuple[list[Section], list[Problem]]:
    """Read every document of a file. Shape: one section per document; a top-level list counts as its elements.

    What is found wrong with a section later joins the same list of problems.
    """
    nodes, problems = compose_file(file, label)
    source = Source(label or str(file), problems)
    return [Section(source, node, "") for node in nodes], source.problems
