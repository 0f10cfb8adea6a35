"""Reads a JSON document by the members of its sections, so that a document of any size passes through little memory.

A section is a member of the document; its elements are handed out one by one. Numbers come as texts that know what they
are, because a number read into a float is not always the number that was written.
"""

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from billtrail.errors import PayloadError
from collector.imports.file import open_file

_CHUNK = 1 << 20
_SPACE = " \t\n\r"
# One object or event longer than this is taken for a file that never closes its brackets.
_LONGEST = 64 << 20


class IntegerText(str):
    """An integer as it was written."""


class FloatText(str):
    """A number with a point or an exponent, as it was written."""


class Opened(NamedTuple):
    """A section begins; `mark` is `[` for a list, `{` for an object, and else empty."""

    section: str
    mark: str


class Element(NamedTuple):
    """One element of a section: `key` is its name in an object, its number in a list."""

    section: str
    key: str | int
    value: Any


_DECODER = json.JSONDecoder(parse_int=IntegerText, parse_float=FloatText, parse_constant=str)


def read_sections(path: Path) -> Iterator[Opened | Element]:
    """Tell of each section when it opens, then give its elements. What is no list and no object is one element.

    Raises PayloadError with the line.
    """
    reader = _Reader(path)
    try:
        yield from reader.document()
    except UnicodeDecodeError as error:
        raise PayloadError(f"{path}: line {reader.line}: not UTF-8: {error.reason}") from error
    finally:
        reader.close()


class _Reader:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = open_file(path)
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text, self._at, self._is_at_end, self._lines = "", 0, False, 0

    @property
    def line(self) -> int:
        return 1 + self._lines + self._text.count("\n", 0, self._at)

    def close(self) -> None:
        self._file.close()

    def document(self) -> Iterator[Opened | Element]:
        self._expect("{")
        for _ in self._members("}"):
            name = self._name()
            mark = self._peek()
            yield Opened(name, mark if mark in ("[", "{") else "")
            yield from self._section(name)
        if self._peek():
            raise self._fault("expected the end of the file")

    def _section(self, name: str) -> Iterator[Element]:
        opening = self._peek()
        if opening == "[":
            self._at += 1
            for place, _ in enumerate(self._members("]")):
                yield Element(name, place, self._value())
        elif opening == "{":
            self._at += 1
            for _ in self._members("}"):
                yield Element(name, self._name(), self._value())
        else:
            yield Element(name, "", self._value())

    def _members(self, closing: str) -> Iterator[None]:
        if self._peek() == closing:
            self._at += 1
            return
        while True:
            yield
            mark = self._peek()
            self._at += 1
            if mark == closing:
                return
            if mark != ",":
                self._at -= 1
                raise self._fault(f"expected ',' or {closing!r}")

    def _name(self) -> str:
        if self._peek() != '"':
            raise self._fault("expected a name in quotes")
        name = self._value()
        self._expect(":")
        return str(name)

    def _value(self) -> Any:
        """Decode what comes next. Where it does not end in the text at hand, more is read, twice as much each time."""
        self._peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except RecursionError as error:
                raise self._fault("nested too deeply") from error
            except json.JSONDecodeError as error:
                if self._is_at_end or len(self._text) - self._at > _LONGEST:
                    self._at = min(error.pos, len(self._text))
                    raise self._fault(error.msg[:1].lower() + error.msg[1:]) from error
            else:
                # A number, or a word, may go on in what is not read yet.
                if end < len(self._text) or self._is_at_end:
                    self._at = end
                    return value
            self._more(max(_CHUNK, len(self._text) - self._at))

    def _peek(self) -> str:
        """Go to what comes next and answer its first character; empty at the end."""
        while True:
            text, at = self._text, self._at
            while at < len(text) and text[at] in _SPACE:
                at += 1
            self._at = at
            if at < len(text) or self._is_at_end:
                return text[at : at + 1]
            self._more(_CHUNK)

    def _expect(self, mark: str) -> None:
        if self._peek() != mark:
            raise self._fault(f"expected {mark!r}")
        self._at += 1

    def _more(self, size: int) -> None:
        chunk = self._file.read(size)
        self._lines += self._text.count("\n", 0, self._at)
        self._is_at_end = not chunk
        self._text = self._text[self._at :] + self._decoder.decode(chunk, final=not chunk)
        self._at = 0

    def _fault(self, expected: str) -> PayloadError:
        got = self._text[self._at : self._at + 20].split("\n")[0]
        return PayloadError(
            f"{self._path}: not JSON: line {self.line}: {expected}, got {got!r}" if got
            else f"{self._path}: not JSON: line {self.line}: {expected}, got the end of the file"
        )  # fmt: skip
