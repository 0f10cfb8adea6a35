"""The first part of a step: bring together what is new, every lifecycle it may change, and all that those hold."""

from dataclasses import asdict

from billtrail.errors import InvariantError
from billtrail.store import Row
from correlators.backlog import EVERYTHING
from correlators.scratch import Scratch
from correlators.work import Work

# Far above what any firm sends: a sender who makes up qualifiers shall not fill the memory.
MAX_SHAPES = 100_000


def collect(scratch: Scratch, work: Work) -> Row:
    """Bring together what is new, every lifecycle it may change, and all that those hold.

    Answers how much is stored of what, as it was before.
    """
    _note_relations(scratch, work)
    stored = scratch.count("count_stored")
    _take_events(scratch, work)
    _mention(scratch, work, stored)
    _collect_shapes(scratch)
    scratch.run("put_weak_events")
    scratch.run("collect_edges", is_new=True)
    if stored["objects"]:
        _find_affected(scratch, work, stored)
    _collect_weak(scratch, work)
    if stored["objects"]:
        _collect_stored(scratch, work)
    if work.has_revisions or (work.has_declarations and scratch.count("count_renewed")["found"]):
        scratch.run("collect_doubted", upto=work.upto.events)
    scratch.run("collect_nodes", "collect_outside", "collect_untouched")
    return stored


def _note_relations(scratch: Scratch, work: Work) -> None:
    """Note what declarations, people and spans relate, whichever events name it."""
    version = work.upto.version
    if work.has_declarations and (work.batch is None or work.batch.is_first):
        events = {"since": work.since.events, "upto": work.upto.events}
        scratch.run("retract_declared_edges", **events, version=version - 1)
        scratch.run("collect_declared_edges", **events, version=version)
    if work.has_decisions:
        scratch.run("collect_people_links", since=work.since.people, version=version)
    if work.has_spans:
        scratch.run("collect_span_keys", since=work.since.traces, upto=work.upto.traces, version=version)


def _take_events(scratch: Scratch, work: Work) -> None:
    if work.batch is None:
        scratch.run("collect_new_events", since=work.since.events, upto=work.upto.events)
        return
    scratch.run("take_batch", **asdict(work.batch))
    if scratch.count("count_taken")["events"] != work.batch.records:
        raise InvariantError("the backlog changed while it was taken", hint="only one may correlate at a time")


def _mention(scratch: Scratch, work: Work, stored: Row) -> None:
    """Name every object that something new speaks of, and those that are known to be related to it."""
    scratch.run("collect_mentions")
    if work.has_declarations:
        batch = asdict(work.batch or EVERYTHING)
        scratch.run("mention_declared", since=work.since.events, upto=work.upto.events, **batch)
    if work.has_decisions:
        scratch.run("mention_decided", since=work.since.people)
    if stored["decisions"]:
        scratch.run("collect_unlinked")
    if stored["edges"]:
        scratch.repeat("mention_peers", "count_mentions")


def _find_affected(scratch: Scratch, work: Work, stored: Row) -> None:
    """Find the lifecycles in which something settled changes. They are taken whole; others only grow."""
    scratch.run("collect_found")
    if scratch.count("count_known")["known"]:
        scratch.run("affect_changed")
    if work.has_declarations or work.has_decisions:
        scratch.run("affect_named")
    if stored["pending"]:
        scratch.run("affect_pending", version=work.since.version)
    if work.is_again:
        scratch.run("affect_again")
    if work.has_revisions:
        scratch.run("collect_replaced", since=work.since.events, upto=work.upto.events)
        scratch.run("affect_replaced")
    if work.has_revisions or work.has_decisions:
        scratch.run("collect_held_runs")


def _collect_weak(scratch: Scratch, work: Work) -> None:
    """Bring in the events without objects that share a run with what is new, and those who share theirs."""
    spans = {"since": work.since.traces, "upto": work.upto.traces}
    scratch.run("collect_runs", **spans)
    if scratch.count("count_runs")["found"]:
        scratch.run("collect_weak_events", upto=work.upto.events)
        scratch.run("collect_runs", **spans)
        scratch.run("affect_run")


def _collect_stored(scratch: Scratch, work: Work) -> None:
    if scratch.has_affected(0):
        scratch.run("collect_stored", round=0)
        scratch.run("affect_sharing")
        if scratch.has_affected(1):
            scratch.run("collect_stored", round=1)
        scratch.run("collect_stored_events")
        _collect_shapes(scratch)
        scratch.run("collect_edges", is_new=False)
    scratch.run("collect_grown")
    if work.has_effects:
        scratch.run("grow_taking_effect", now=work.now)
    if work.has_spans:
        scratch.run("grow_spanned", since=work.since.traces, upto=work.upto.traces)


def _collect_shapes(scratch: Scratch) -> None:
    shapes = scratch.count("count_new_shapes")
    if shapes["known"] > MAX_SHAPES:
        scratch.empty_kept()
    if shapes["found"] or shapes["known"] > MAX_SHAPES:
        scratch.run("collect_shapes")
