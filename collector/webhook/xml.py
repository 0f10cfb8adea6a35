"""XML bodies as JSON texts, one for each message in them. Entities of any kind are refused, so no body can grow.

Prefixes of namespaces are dropped; of attributes only the type (`xsi:type`) is kept, as `@type`, for the rest are
namespaces. What a source says is never kept is left out here: it reaches neither the journal nor a log.
"""

import json
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict

from billtrail.errors import PayloadError
from collector.mapping.receive import Receive

_MOST_MESSAGES = 10_000


def read_xml(body: bytes, receive: Receive) -> list[bytes]:
    """Answer the messages of a body. Raises PayloadError: it is no XML, or it declares entities."""
    drops, lists = set(receive.drops), set(receive.lists)

    def tidy(path: object, key: str, value: Any) -> tuple[str, Any] | None:
        name = key.rpartition(":")[2].removeprefix("@")
        if key.startswith("@"):
            return ("@type", str(value).rpartition(":")[2]) if name == "type" else None
        return None if name in drops else (name, value)

    try:
        document = xmltodict.parse(body, postprocessor=tidy, force_list=tuple(lists) or None)
        found = _follow(document, receive.items)
        messages = found if isinstance(found, list) else [found]
        if len(messages) > _MOST_MESSAGES:
            raise PayloadError(f"more than {_MOST_MESSAGES} messages in one body")
        return [json.dumps(message, ensure_ascii=False).encode() for message in messages]
    except (ExpatError, ValueError, RecursionError, LookupError) as error:
        raise PayloadError(f"the body is no XML that can be read: {error}") from error


def _follow(value: Any, steps: tuple[str, ...]) -> Any:
    """Go to the messages. A document that does not have them is one message, which the mapping then refuses."""
    found = value
    for step in steps:
        if not isinstance(found, dict) or step not in found:
            return value
        found = found[step]
    return found
