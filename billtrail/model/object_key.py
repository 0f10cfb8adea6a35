"""The key of a business record: `system:type:id`, such as `netsuite:invoice:8841`.

System and type hold no colon; the id may.
"""

from typing import NamedTuple, Self

from billtrail.errors import PayloadError


class ObjectKey(NamedTuple):
    system: str
    object_type: str
    id: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key. Raises PayloadError when one of its three parts is missing."""
        parts = text.split(":", 2)
        if len(parts) != 3 or not all(parts):
            raise PayloadError(f"object key {text!r}: expected system:type:id, such as netsuite:invoice:8841")
        return cls(*parts)

    def __str__(self) -> str:
        return f"{self.system}:{self.object_type}:{self.id}"
