"""The bytes of all requests in flight, of every door: being read, or waiting for the journal.

The limits of one request bound one request; what thousands of slow ones hold together is bounded here.
"""

import threading

from collector.receive.refusal import overloaded


class Budget:
    """For any thread. What is held is given back, as a negative number, once."""

    def __init__(self, limit: int) -> None:
        self.held_bytes = 0
        self._limit = limit
        self._lock = threading.Lock()

    def hold(self, size: int) -> None:
        """Hold so many bytes more. Raises Refusal (503) when there are too many."""
        with self._lock:
            if size > 0 and self.held_bytes + size > self._limit:
                raise overloaded(f"requests of {self.held_bytes} bytes are being taken, and more is not taken at once")
            self.held_bytes += size
