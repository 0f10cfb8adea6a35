"""The last part of a step: write what differs from the rows that are there."""

from billtrail.store import Row
from correlators.scratch import Scratch
from correlators.work import Work


def write(scratch: Scratch, work: Work, stored: Row, has_weak: bool) -> None:
    """Write what differs from the rows that are there.

    First which lifecycles, then everything, last the events of the lifecycles: a step that is done again after an
    interruption begins with those and finds them as they were.
    """
    version = {"version": work.upto.version}
    is_first = not stored["objects"]
    scratch.run("write_pending", **version)
    if not is_first:
        scratch.run("collect_candidates", has_revisions=work.has_revisions)
    scratch.run("collect_relations", is_first=is_first)
    scratch.run("write_relations", **version, is_first=is_first)
    if work.has_revisions:
        scratch.run("delete_relations", **version)
    scratch.run("collect_told")
    scratch.run("collect_changes", is_redone=stored["pending"] > 0)
    scratch.run("write_lifecycle_objects", **version)
    scratch.run("write_objects", **version, has_declarations=stored["declarations"] > 0)
    scratch.run("write_milestones", **version, is_first=is_first)
    has_affected = scratch.has_affected(0)
    if has_affected:
        scratch.run("delete_milestones", **version)
    if stored["spans"]:
        scratch.run("collect_span_facts")
    scratch.run("write_lifecycles", **version, now=work.now)
    if has_affected:
        scratch.run("delete_lifecycles", **version)
    if has_weak or work.has_revisions:
        scratch.run("write_unmatched", **version)
    scratch.run("write_lifecycle_events", **version, is_first=is_first)
    if has_affected:
        scratch.run("delete_lifecycle_events", **version)
