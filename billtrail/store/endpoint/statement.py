"""Which statements are run, and in which words: decided on what the engine's own parser makes of the text.

A query is first rendered anew by the engine (comments gone, one statement, quoting settled, no client commands) and cut
into tokens by the engine's own lexer. The rendered text is what is judged and what is run, so no spelling can read one
way here and another way there.
"""

import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from billtrail.store.endpoint.allowed import CHANGEABLE_SETTING, REFUSED_NAMES, STATEMENTS, TABLE_FUNCTIONS
from billtrail.store.endpoint.refusal import READONLY, SYNTAX_ERROR, QueryRefused, from_engine

_READ = """
WITH formatQuerySingleLine({query:String}) AS text, tokenizeQuery(text) AS tokens
SELECT
    text AS words,
    arrayMap(t -> toString(t.type), tokens) AS kinds,
    arrayMap(t -> substring(text, t.begin + 1, t.end - t.begin), tokens) AS parts
"""
_SETTINGS_VIEW = f"(SELECT * REPLACE (if({CHANGEABLE_SETTING}, 0, readonly) AS readonly) FROM system.settings)"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that may run. `output_format` is the one its text names, empty when it names none.

    The engine gives the answer block by block where `is_select`; to SHOW, DESCRIBE, EXISTS and EXPLAIN only as a whole.
    """

    text: str
    output_format: str
    is_select: bool


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str

    @property
    def name(self) -> str:
        """The lower-case name this token can be; empty when it cannot be one."""
        if self.kind == "BareWord":
            return self.text.lower()
        return self.text[1:-1].lower() if self.kind == "QuotedIdentifier" else ""


def read_statement_text(handle: Any, query: str, params: Mapping[str, str], sources: frozenset[str]) -> Statement:
    """Read one statement and refuse what a reader may not run.

    `sources` are the lower-case names of all table functions of the engine. Raises QueryRefused.
    """
    if not query.strip():
        raise QueryRefused(SYNTAX_ERROR, "Empty query")
    tokens = _tokens(handle, query)
    first = _refuse_statement(tokens)
    _refuse_names(tokens, params, sources)
    body, output_format = _without_format(tokens)
    return Statement("".join(_with_settings_view(body)), output_format, first in ("SELECT", "WITH"))


def _tokens(handle: Any, query: str) -> list[_Token]:
    try:
        answer = handle.query(_READ, "JSONCompact", params={"query": _escape(query)})
    except RuntimeError as error:
        raise from_engine(error) from error
    _, kinds, parts = json.loads(answer.bytes())["data"][0]
    return [_Token(kind, part) for kind, part in zip(kinds, parts, strict=True)]


def _escape(text: str) -> str:
    """Write a parameter's value the way ClickHouse reads it: as a field of a tab-separated file."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _refuse_statement(tokens: Sequence[_Token]) -> str:
    """Answer the word that says what the statement does. Raises QueryRefused."""
    words = [token for token in tokens if token.kind != "Whitespace"]
    first = next((token.text.upper() for token in words if token.kind != "OpeningRoundBracket"), "")
    if first not in STATEMENTS:
        raise QueryRefused(READONLY, f"{first} is refused: this endpoint only reads")
    for here, following in itertools.pairwise(words):
        if here.name == "into" and following.name == "outfile":
            raise QueryRefused(READONLY, "INTO OUTFILE is refused: the result is the body of the answer")
    return first


def _refuse_names(tokens: Sequence[_Token], params: Mapping[str, str], sources: frozenset[str]) -> None:
    words = [token for token in tokens if token.kind != "Whitespace"]
    for here, following in zip(words, [*words[1:], _Token("End", "")], strict=True):
        calls = following.kind == "OpeningRoundBracket"
        is_outside = calls and here.name in sources and here.name not in TABLE_FUNCTIONS
        if here.name in REFUSED_NAMES or is_outside:
            raise QueryRefused(READONLY, f"{here.name} is refused: this endpoint reads the store and nothing else")
    if any(token.name == "identifier" for token in words):
        for name, value in params.items():
            if value.strip("`\"' \t\n").lower() in REFUSED_NAMES:
                raise QueryRefused(READONLY, f"parameter {name}: {value} is refused as an identifier")


def _without_format(tokens: Sequence[_Token]) -> tuple[Sequence[_Token], str]:
    words = [index for index, token in enumerate(tokens) if token.kind != "Whitespace"]
    if len(words) > 2 and tokens[words[-2]].text.upper() == "FORMAT" and tokens[words[-1]].kind == "BareWord":
        return tokens[: words[-2]], tokens[words[-1]].text
    return tokens, ""


def _with_settings_view(tokens: Sequence[_Token]) -> list[str]:
    """Let `system.settings` say which settings a reader may change; clients ask it before they send any."""
    texts = [token.text for token in tokens]
    words = [index for index, token in enumerate(tokens) if token.kind != "Whitespace"]
    names = [tokens[index].name for index in words]
    for place in range(1, len(words) - 2):
        if names[place - 1] in ("from", "join") and names[place] == "system" and names[place + 2] == "settings":
            alias = "" if names[place + 3 : place + 4] == ["as"] else " AS settings"
            texts[words[place]] = _SETTINGS_VIEW + alias
            texts[words[place + 1]] = texts[words[place + 2]] = ""
    return texts
