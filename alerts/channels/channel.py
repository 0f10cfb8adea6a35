"""What a channel is: something with a name that can be handed a message."""

from typing import Protocol

from alerts.message import Message
from billtrail.errors import DeliveryError


class Channel(Protocol):
    """One receiver. Used by one thread at a time, not always the same; blocks for as long as its timeout at most.

    `name` is redacted: it is written to tables, logs and metrics. The same message may be handed over twice.
    """

    @property
    def name(self) -> str: ...

    def send(self, message: Message) -> None:
        """Hand a message over. Raises DeliveryError, whose text holds no secret."""
        ...

    def close(self) -> None: ...


class RetryLater(DeliveryError):
    """The receiver asks to be left alone for `after_s` seconds."""

    def __init__(self, message: str, *, after_s: float) -> None:
        super().__init__(message)
        self.after_s = after_s
