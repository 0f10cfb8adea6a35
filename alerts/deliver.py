"""Handing messages to channels without letting a slow one hold up the rest: one thread per channel, in order.

Knows nothing of tables: what came of it is collected by the loop, in the loop's thread.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait

from alerts.channels.channel import Channel
from alerts.channels.secrecy import delivering
from alerts.message import Message
from billtrail.errors import DeliveryError


class Courier:
    """Carries messages. `hand_over` returns at once; `collect` says what came of those handed over before."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = dict(channels)
        self._threads = {name: ThreadPoolExecutor(1, f"alerts-{name}") for name in channels}
        self._under_way: dict[str, Future[None]] = {}

    @property
    def channels(self) -> list[str]:
        return list(self._channels)

    def is_carrying(self, notification_id: str) -> bool:
        return notification_id in self._under_way

    def hand_over(self, channel: str, message: Message) -> None:
        """Queue a message on its channel."""
        future = self._threads[channel].submit(_carry, self._channels[channel], message)
        self._under_way[message.notification_id] = future

    def collect(self, patience_s: float) -> Iterator[tuple[str, DeliveryError | None]]:
        """Answer with the notifications that ended, and how. Waits for those under way no longer than `patience_s`."""
        wait(self._under_way.values(), timeout=patience_s)
        for notification_id in [key for key, future in self._under_way.items() if _has_ended(future)]:
            yield notification_id, _failure(self._under_way.pop(notification_id))

    def close(self) -> None:
        """Let what is under way end, each within its channel's timeout; what is only queued stays in the outbox."""
        for thread in self._threads.values():
            thread.shutdown(wait=True, cancel_futures=True)
        for channel in self._channels.values():
            channel.close()


def _carry(channel: Channel, message: Message) -> None:
    with delivering():
        channel.send(message)


def _failure(future: "Future[None]") -> DeliveryError | None:
    error = future.exception()
    if error is None or isinstance(error, DeliveryError):
        return error
    return DeliveryError(f"the channel failed unexpectedly: {type(error).__name__}")


def _has_ended(future: "Future[None]") -> bool:
    return future.done() and not future.cancelled()
