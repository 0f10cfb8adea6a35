"""A document with mistakes is refused, and every mistake is named with line, column and the nearest valid name."""

from pathlib import Path

import pytest

from billtrail.errors import SettingsError
from collector.mapping.catalogue import read_catalogue
from collector.mapping.read_source import SourceError
from tests.collector.mapping.conftest import HEAD, Write

EVENT = "events: [{type: t.t, time: received, objects: [{type: t, id: $id}]}]\n"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("evnts: []\n" + EVENT, "6:1: evnts: unknown key (did you mean events?)"),
        ("", "1:1: events is missing"),
        ("events: [{type: t.t, time: received, obj: []}]", "6:38: events[0].obj: unknown key"),
        ("events: [{type: t.t}]", "6:10: events[0]: time is missing (say where it stands"),
        ("events: [{time: received}]", "6:10: events[0]: type is missing"),
        ("events: [{type: t.t, time: received, objects: [{id: $id}]}]", "6:48: events[0].objects[0]: type is missing"),
        ("events: [{type: t.t, time: $a[}]", "not valid YAML"),
        ("values: {a: '$b[x'}\n" + EVENT, "6:13: values.a: the path $b[x cannot be read from '[x' on"),
        ("values: {a: '$b[].c[].d'}\n" + EVENT, "goes through more than one list"),
        ("values: {a: '$item:b'}\n" + EVENT, "$item: means the element of an each, and there is none here"),
        ("values: {a: '$inner:b'}\n" + EVENT, "$inner:b: nothing is called inner under `inside`"),
        ("values: {a: =b, b: x}\n" + EVENT, "=b: no such name under `values`, or only later"),
        ("values: {a: '{limit}'}\n" + EVENT, "{limit} is no parameter"),
        ("values: {a: {frist_of: [x]}}\n" + EVENT, "did you mean first_of?"),
        ("values: {a: {lower: x, uper: y}}\n" + EVENT, "uper: unknown key"),
        ("values: {a: {map: $b}}\n" + EVENT, "map needs `to`"),
        ("values: {a: {extract: $b, by: '('}}\n" + EVENT, "'(' is no regular expression"),
        ("values: {a: {scale: $b, by: 1e3}}\n" + EVENT, "a decimal that is not zero, got '1e3'"),
        ("values: {a: {time: $b, as: [isoo]}}\n" + EVENT, "isoo is no form of time (did you mean iso?)"),
        ("values: {a: {time: $b, as: [local]}}\n" + EVENT, "a local time needs `zone`"),
        ("values: {a: {time: $b, zone: Europe/Berln}}\n" + EVENT, "did you mean Europe/Berlin?"),
        ("ignore: [{a: b}]\n" + EVENT, "did you mean $a?"),
        ("ignore: [{$a: {exist: true}}]\n" + EVENT, "exist: unknown key (did you mean exists?)"),
        ("ignore: [{changed: a}]\n" + EVENT, "`changed` is used and `changes` does not say what changed"),
        ("defaults: {outcome: sucess}\n" + EVENT, "'sucess' is no outcome (did you mean success?)"),
        ("defaults: {tiem: $a}\n" + EVENT, "tiem: unknown key (did you mean time?)"),
        ("pull: {}\npull: {}\n" + EVENT, "7:1: pull: this key stands here twice"),
        ("values: &v {a: b}\ninside: *v\n" + EVENT, "7:9: aliases are not used here"),
        ("source: other\n", "twice"),
    ],
)
def test_a_mistake_is_named_with_its_place(write: Write, text: str, mistake: str) -> None:
    with pytest.raises(SourceError) as caught:
        write(text)
    assert mistake in str(caught.value)


def test_every_mistake_is_told_at_once(write: Write) -> None:
    with pytest.raises(SourceError) as caught:
        write("reads: spans\nvalues: {a: {frist_of: [x]}}\n" + EVENT)
    assert sorted((problem.line, problem.column) for problem in caught.value.problems) == [(6, 1), (7, 13)]


def test_a_source_is_named_after_its_folder(write: Write) -> None:
    with pytest.raises(SourceError, match="the folder is called firm"):
        write(EVENT, head=HEAD.replace("source: firm", "source: farm"))


def test_a_parameter_is_replaced_only_when_it_is_declared(write: Write) -> None:
    text = "parameters: {stage: won}\nvalues: {a: '{stage}'}\n" + EVENT
    assert write(text, stage="lost").parameters == {"stage": "lost"}
    with pytest.raises(SourceError, match=r"it has no parameter stge \(did you mean stage\?\)"):
        write(text, stge="lost")


def test_a_folder_of_the_firm_replaces_the_shipped_one(tmp_path: Path) -> None:
    folder = tmp_path / "jira"
    folder.mkdir()
    (folder / "source.yaml").write_text(HEAD.replace("source: firm", "source: jira") + EVENT)
    catalogue = read_catalogue([tmp_path])
    assert catalogue.folders["jira"] == folder
    assert catalogue.get("jira").title == "Firm"
    with pytest.raises(SettingsError) as caught:
        catalogue.get("jirra")
    assert caught.value.hint == "did you mean jira?"


def test_one_bad_folder_leaves_the_others_in_use(tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "source.yaml").write_text("source: bad\n")
    catalogue = read_catalogue([tmp_path])
    assert set(catalogue.refused) == {"bad"}
    with pytest.raises(SourceError, match="title is missing"):
        catalogue.get("bad")
