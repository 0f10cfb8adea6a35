"""Telling whoever appended that the frame is durable, or why it is not: a thread that waits, or a coroutine."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future

Settle = Callable[[BaseException | None], None]
"""Called once, with the error where there is one, from the writer's thread."""


def to_thread(future: "Future[None]") -> Settle:
    """Settle a future that a thread waits for."""

    def settle(error: BaseException | None) -> None:
        if error:
            future.set_exception(error)
        else:
            future.set_result(None)

    return settle


def to_loop(future: "asyncio.Future[None]") -> Settle:
    """Settle a future of a running event loop, in that loop."""
    loop = future.get_loop()

    def settle_there(error: BaseException | None) -> None:
        if future.cancelled():
            return
        if error:
            future.set_exception(error)
        else:
            future.set_result(None)

    def settle(error: BaseException | None) -> None:
        try:
            loop.call_soon_threadsafe(settle_there, error)
        except RuntimeError:  # The loop is gone, and with it whoever waited.
            return

    return settle
