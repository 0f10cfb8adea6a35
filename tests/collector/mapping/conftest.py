"""A source written down in a test, and what the real engine makes of payloads with it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest

from billtrail.store import Store
from collector.mapping.read_source import read_source
from collector.mapping.source import Source
from collector.mapping.trial import Outcome, try_bodies
from tests.support.store import drop_test_store, open_test_store

HEAD = "source: firm\ntitle: Firm\nsystem: firm\nkind: $kind\nid: $id\n"
Write = Callable[..., Source]
Become = Callable[..., list[Outcome]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Read a source from its text; `head` and `rest` replace the ordinary ones."""

    def _write(rest: str, head: str = HEAD, **parameters: str) -> Source:
        folder = tmp_path / "firm"
        folder.mkdir(exist_ok=True)
        (folder / "source.yaml").write_text(head + dedent(rest), encoding="utf-8")
        return read_source(folder, parameters)

    return _write


@pytest.fixture(scope="package")
def trials(engine_path: Path) -> Iterator[Store]:
    """One store for all: payloads that are only tried leave nothing behind."""
    opened = open_test_store(engine_path)
    yield opened
    drop_test_store(opened)


@pytest.fixture
def become(trials: Store, write: Write) -> Become:
    """Run payloads through a source of one event, of which the test gives the lines that matter."""

    def _become(lines: str, *payloads: Any, rest: str = "") -> list[Outcome]:
        fields = dict.fromkeys(line.split(":")[0] for line in dedent(lines).splitlines() if line[:1].strip())
        usual = {"type": "type: thing.done", "objects": "objects: [{type: thing, id: $id}]", "time": "time: received"}
        event = "\n".join([dedent(lines), *(line for name, line in usual.items() if name not in fields)])
        source = write(dedent(rest) + "events:\n  -\n" + indent(event, "    ") + "\n")
        bodies = [payload if isinstance(payload, str) else json.dumps(payload) for payload in payloads]
        return try_bodies(trials, source, [(str(number), body) for number, body in enumerate(bodies)])

    return _become
