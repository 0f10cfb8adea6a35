"""What is wrong with a document, and where: file, line, column and key path. A document with a problem is not used."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

LISTED_NAMES = 24


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. `line` and `column` count from 1; 0 means the file as a whole."""

    file: str
    line: int
    column: int
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        subject = f"{self.key}: " if self.key else ""
        return f"{place}: {subject}{self.message}" + (f" ({self.hint})" if self.hint else "")


def name_nearest(word: str, known: Iterable[str]) -> str:
    """Hint at the valid name most like `word`, or list the valid names when none is."""
    names = sorted(known)
    if not names:
        return "there are none"
    near = difflib.get_close_matches(word, names, n=1)
    if near:
        return f"did you mean {near[0]}?"
    return f"valid names: {', '.join(names[:LISTED_NAMES])}{', …' if len(names) > LISTED_NAMES else ''}"
