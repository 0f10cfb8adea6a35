"""Where ids come from: traces, spans, correlation ids and events.

An argument, so that a run can be reproduced id for id.
"""

import random
import uuid
from abc import abstractmethod
from collections import Counter

from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator


class Ids(IdGenerator):
    """Makes every id the kit needs. One object per `configure`, called from every thread that uses it."""

    @abstractmethod
    def correlation_id(self, run_name: str) -> str:
        """Make the correlation id of a new run."""

    @abstractmethod
    def event_id(self, correlation_id: str) -> str:
        """Make the id of the next event of a run. Unique within a system, for good."""


class RandomIds(RandomIdGenerator, Ids):
    """Ids that nobody can guess and that never meet."""

    def correlation_id(self, run_name: str) -> str:
        return f"{run_name}-{uuid.uuid4()}"

    def event_id(self, correlation_id: str) -> str:
        return str(uuid.uuid4())


class SeededIds(Ids):
    """The same seed, the same ids, as long as the calls come in the same order. For simulations and tests.

    Event ids count up within a correlation id.
    """

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self._runs = 0
        self._told: Counter[str] = Counter()

    def generate_trace_id(self) -> int:
        return self._random.getrandbits(128) or 1

    def generate_span_id(self) -> int:
        return self._random.getrandbits(64) or 1

    def correlation_id(self, run_name: str) -> str:
        self._runs += 1
        return f"{run_name}-{self._runs:06d}"

    def event_id(self, correlation_id: str) -> str:
        self._told[correlation_id] += 1
        return f"{correlation_id}/{self._told[correlation_id]:04d}"
