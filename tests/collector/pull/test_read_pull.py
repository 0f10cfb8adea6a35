"""How a source is pulled, written wrongly: every mistake with line, column and the nearest valid word."""

from pathlib import Path

import pytest

from collector.mapping.catalogue import read_catalogue
from collector.mapping.pull import HttpPull, PubSubPull
from collector.mapping.read_source import SourceError, read_source
from tests.collector.pull.conftest import SOURCE

AUTH = "auth: {kind: oauth2, token_url: u, client_id: i, client_secret: s}"


def read(folder: Path, text: str) -> str:
    """Answer the mistakes of a document, each without the name of the file."""
    (folder / "crm").mkdir()
    (folder / "crm" / "source.yaml").write_text(SOURCE + text + "\n", encoding="utf-8")
    try:
        read_source(folder / "crm")
    except SourceError as error:
        return "\n".join(str(one).removeprefix(one.file) for one in error.problems)
    return ""


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("pull: [{stream: a, url: u}]", ":8:8: pull[0]: items is missing"),
        ("pull: [{stream: a, url: u, item: ITEMS}]", "pull[0].item: unknown key (did you mean items?)"),
        ("pull: [{stream: A, url: u, items: ITEMS}]", "pull[0].stream: expected a name in lower case"),
        ("pull: [{stream: a, url: 'u/{curser}', items: ITEMS}]", "{curser} is neither a parameter nor a hole (did you"),
        ("pull: [{stream: a, url: u, items: i}]", "pull[0].items: expected a path such as $data.id"),
        ("pull: [{stream: a, url: u, items: ITEMS, every: 1min}]", "expected a duration such as 60s, 5m, 12h or 9d"),
        ("pull: [{stream: a, url: u, items: ITEMS, method: PUT}]", "expected GET or POST, got 'PUT'"),
        ("pull: [{stream: a, url: u, items: ITEMS, expired: [gone]}]", "expired[0]: expected a number from 1"),
        ("pull: [{stream: a, url: u, items: ITEMS, auth: {kind: baerer}}]", "did you mean bearer?"),
        ("pull: [{stream: a, url: u, items: ITEMS, auth: {kind: basic, user: u}}]", "password is missing"),
        ("pull: [{stream: a, url: u, items: ITEMS, cursor: {path: $a, as: date}}]", "date is no form of a cursor"),
        ("pull: [{stream: a, url: u, items: ITEMS, cursor: {path: $a, as: text, first: 1d}}]", "for cursors that are"),
        ("pull: [{stream: a, url: u, items: ITEMS, cursor: {path: $a, ordered: yes}}]", "expected true or false"),
        ("pull: [{stream: a, url: u, items: ITEMS, paging: {by: pages}}]", "no paging is called 'pages' (did you mean"),
        ("pull: [{stream: a, url: u, items: ITEMS, paging: {by: page}}]", "say which page is the last"),
        ("pull: [{stream: a, url: u, items: ITEMS, paging: {by: token}}]", "`at`, a path in the answer, belongs to"),
        ("pull: [{stream: a, url: u, items: ITEMS, message: {id: '$[x'}}]", "the path $[x cannot be read"),
        ("pull: [{stream: a, url: u, items: ITEMS}, {stream: a, url: u, items: ITEMS}]", "the stream a stands here"),
        ("pull: [{by: ftp, stream: a}]", "nothing is pulled by 'ftp'"),
        ("pull: [{by: pubsub, stream: a, endpoint: e, topics: data/x, AUTH}]", "expected a topic such as /data/"),
        ("pull: [{by: pubsub, stream: a, endpoint: e, topics: /x, start: now, AUTH}]", "expected earliest or"),
        ("pull: [{by: pubsub, stream: a, endpoint: e, topics: /x, auth: {kind: none}}]", "wants oauth2"),
        ("files: {delimiter: ';;'}", "files.delimiter: expected one character"),
        ("files: {encoding: utf-99}", "no encoding is called utf-99"),
        ("files: {complete: later}", "expected rename or done, got 'later'"),
        ("spans: {failed: [a]}", "spans: having is missing"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, mistake: str) -> None:
    assert mistake in read(tmp_path, text.replace("AUTH", AUTH).replace("ITEMS", "'$i[]'"))


def test_every_shipped_source_can_be_pulled_as_its_document_says() -> None:
    catalogue = read_catalogue()
    assert catalogue.refused == {}
    streams = {(name, pull.stream): pull for name, source in catalogue.sources.items() for pull in source.pulls}
    by = {key: type(pull) for key, pull in streams.items()}
    assert by == {
        ("kantata", "events"): HttpPull, ("netsuite", "invoices"): HttpPull, ("netsuite", "payments"): HttpPull,
        ("oracle_fusion", "invoices"): HttpPull, ("workday", "workers"): HttpPull,
        ("salesforce", "changes"): PubSubPull, ("certinia", "changes"): PubSubPull,
    }  # fmt: skip
    feed = streams["kantata", "events"]
    assert isinstance(feed, HttpPull)
    assert (feed.keeps_s, feed.every_s, feed.auth.kind) == (9 * 86_400, 60, "bearer")
