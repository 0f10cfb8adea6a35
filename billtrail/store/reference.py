"""References, such as clients and workers: they glue no lifecycles, but who searches by one finds those that name it.

Two ids that a source says are the same, the account in the CRM and the customer in the ERP, are looked for together.
"""

from billtrail.store.store import Row, Store

PACKAGE = "billtrail.store"


def find_references(store: Store, id: str) -> list[str]:
    """Answer the keys of the objects with this id, with or without system and type, that no lifecycle holds."""
    return [row["object_key"] for row in store.rows(PACKAGE, "find_references", {"id": id})]


def find_twins(store: Store, keys: list[str]) -> list[Row]:
    """Answer the `same_as` relations of these objects, of those they lead to, and so on."""
    found, seen, waiting = list[Row](), set[str](), set(keys)
    while waiting:
        found += store.rows(PACKAGE, "find_twins", {"keys": sorted(waiting)})
        seen |= waiting
        waiting = {row[side] for row in found for side in ("from_key", "to_key")} - seen
    return found


def find_naming(store: Store, id: str) -> list[Row]:
    """Answer `lifecycle_id`, `object_key`, `event_id` of the lifecycles with events that name a reference or its twins.

    At most 50, those named last first.
    """
    keys = find_references(store, id)
    if not keys:
        return []
    keys = sorted({*keys, *(row[side] for row in find_twins(store, keys) for side in ("from_key", "to_key"))})
    return store.rows(PACKAGE, "find_naming", {"keys": keys, "ids": [key.split(":", 2)[2] for key in keys]})
