"""The second part of a step: which lifecycles hold each object, where each event belongs, and what it means there."""

from correlators.scratch import Scratch


def resolve(scratch: Scratch) -> None:
    """Find out which ids are one thing, what is part of what, and which lifecycles hold each object."""
    scratch.run("collect_declared_relations", "seed_labels")
    scratch.repeat("merge_labels", "count_labels")
    scratch.run("name_clusters", "collect_parents", "seed_members")
    scratch.repeat("climb_down", "count_members")
    scratch.run("seed_circles", "collect_owners")


def place(scratch: Scratch, has_stored: bool) -> bool:
    """Place every event, divide its amount, see what it reaches. Answers whether any names nothing that glues."""
    kinds = scratch.count("count_kinds")
    if kinds["weak"]:
        scratch.run("resolve_weak")
    if kinds["takers"]:
        scratch.run("collect_told_amounts")
    scratch.run("collect_priced")
    _divide(scratch)
    scratch.run("collect_rows", "collect_facts")
    if has_stored:
        scratch.run("collect_reached")
    scratch.run("collect_milestones")
    return bool(kinds["weak"])


def _divide(scratch: Scratch) -> None:
    """Divide what several lifecycles hold, and the amounts of such events."""
    found = scratch.count("count_priced")
    if found["shared"]:
        scratch.run("collect_line_shares", "collect_kept_shares")
        while scratch.count("count_inheriting")["found"]:
            scratch.run("inherit_shares")
    if found["priced"]:
        scratch.run("allocate_amounts")
