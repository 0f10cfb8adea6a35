"""Begins a `source.yaml` from one payload: what looks like an id, a time, a type and an amount is put where it belongs.

The result can be read and compiled at once, and refuses what it does not know; a person goes on from there.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from billtrail.errors import PayloadError
from collector.mapping.path import Key, Path, Step

_KIND = re.compile(
    r"(event_?type|subscription_?type|^type|event_?name|^event|topic|webhook_?event|action|businesseventid|event_?code)$",
    re.IGNORECASE,
)
_ID = re.compile(r"(event_?id|message_?id|^id|uuid)$", re.IGNORECASE)
_TIME = re.compile(r"(time|_at|timestamp|date)$|At$", re.IGNORECASE)
_AMOUNT = re.compile(r"(amount|total|price)", re.IGNORECASE)
_RECORD = re.compile(r"(record|object|entity|document|invoice|project)_?(id|number|key)$|^id$", re.IGNORECASE)
_FORMS = (
    (r"\d{12,14}", "epoch_ms"),
    (r"\d{9,11}", "epoch_s"),
    (r"/Date\(.*", "dotnet"),
    (r".*T.*(Z|[+-]\d\d:?\d\d)", "iso"),
)


def scaffold_source(name: str, sample: str) -> str:
    """Write the beginning of a source from a payload in JSON. Raises PayloadError when it is none."""
    try:
        body = json.loads(sample)
    except ValueError as error:
        raise PayloadError(
            f"the sample is not JSON: {error}", hint="give one payload as the system sends it"
        ) from error
    holds_several = isinstance(body, list)
    leaves = list(_find_leaves(body[0] if holds_several and body else body, ()))
    return _TEMPLATE.format(
        name=name,
        messages='messages: ["$[]", $]\n\n' if holds_several else "",
        kind=_pick(leaves, _KIND),
        kind_value=json.dumps(str(dict(leaves).get(_pick(leaves, _KIND), "TYPE")), ensure_ascii=False),
        id=_pick(leaves, _ID),
        record=_pick([leaf for leaf in leaves if leaf[0] != _pick(leaves, _ID)], _RECORD),
        time=_pick(leaves, _TIME),
        form=_name_form(str(dict(leaves).get(_pick(leaves, _TIME), ""))),
        amount=_comment(f"amount: {_pick(leaves, _AMOUNT)}"),
        paths="\n".join(f"#   {path}  {str(value)[:60]!r}" for path, value in leaves[:80]),
    )


def _find_leaves(value: Any, steps: tuple[Step, ...]) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _find_leaves(inner, (*steps, Key(key)))
    elif isinstance(value, list):
        path = Path("", steps)
        if value and isinstance(value[0], dict):
            yield from (
                (f"{path}[].{key}", inner) for key, inner in value[0].items() if not isinstance(inner, dict | list)
            )
        elif value:
            yield f"{path}[]", value[0]
    elif value is not None:
        yield str(Path("", steps)), value


def _pick(leaves: list[tuple[str, object]], wanted: re.Pattern[str]) -> str:
    fitting = [path for path, _ in leaves if "[]" not in path and wanted.search(path.rsplit(".", 1)[-1].lstrip("$"))]
    return min(fitting, key=lambda path: (path.count("."), fitting.index(path)), default="$TODO")


def _comment(line: str) -> str:
    return f"# {line}" if "TODO" in line else line


def _name_form(value: str) -> str:
    return next((form for pattern, form in _FORMS if re.fullmatch(pattern, value)), "iso")


_TEMPLATE = """\
# The language is described in collector/sources/README.md.
source: {name}
title: {name}
system: {name}

{messages}kind: {kind}
id: {id}

ignore: []

events:
  - type: record.changed            # the canonical type, such as invoice.issued
    when:
      {kind}: {kind_value}
    objects:
      - {{type: record, id: {record}}}
      # - {{type: project, id: $…, qualifier: part_of}}
    time: {{time: {time}, as: [{form}]}}
    {amount}
    # currency: $…

# What the payload holds:
{paths}
"""
