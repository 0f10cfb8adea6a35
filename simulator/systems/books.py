"""What every system of the firm has in common: it takes its time, it may be at fault, it does what it was asked."""

import random
from collections.abc import Callable
from typing import Any, Protocol

from billtrail.clock import Clock
from billtrail.errors import InvariantError
from simulator.systems.fault import Fault, FaultKind, Gate
from simulator.systems.ledger import ENTER, Entry, NewEntry
from simulator.systems.operation import Answer, Ask, Operation

TIMEOUT_S = 30.0


class Pace(Clock, Protocol):
    """A clock on which time can be spent. A virtual one moves ahead, a live one really waits."""

    def advance(self, seconds: float) -> None: ...


class Books:
    """The records of one system and the operations on them. Called by one caller at a time."""

    system: str

    def __init__(self, pace: Pace, seed: int) -> None:
        self.pace = pace
        self.first_number = seed * 1_000_000
        """Added to every number given out: firms of different seeds share no id."""
        self.gate = Gate(self.system)
        self._latency = random.Random(f"{seed}/{self.system}/latency")
        self._handlers: dict[str, Callable[[Any], Any]] = {}
        self._fault: Fault | None = None
        self.entries: list[Entry] = []
        """What was entered of things that are handed over, in order."""
        self.offer(ENTER[self.system], self.enter)

    def offer(self, operation: Operation[Ask, Answer], handler: Callable[[Ask], Answer]) -> None:
        """Declare who does an operation."""
        self._handlers[operation.name] = handler

    def enter(self, ask: NewEntry) -> Entry:
        """Enter a thing that is handed over, under its own id or the next one."""
        id = ask.id or f"{ask.kind[:2].upper()}-{self.first_number + 30_001 + len(self.entries)}"
        entry = Entry(ask.event, ask.kind, ask.contract_id, ask.value, id, ask.origin_id, self.pace.now())
        self.entries.append(entry)
        return entry

    def serve(self, operation: Operation[Ask, Answer], ask: Ask, correlation_id: str) -> Answer:
        """Do an operation. Raises SystemFailure."""
        self.pace.advance(0.03 + self._latency.expovariate(8.0))
        self._fault = self.gate.find(correlation_id, operation.name)
        if self._fault and self._fault.kind is not FaultKind.LOSE:
            self.pace.advance(TIMEOUT_S if self._fault.kind is FaultKind.TIMEOUT else 0.0)
            raise self.gate.fail(self._fault)
        if operation.name not in self._handlers:
            raise InvariantError(f"{self.system} does not offer {operation.name}")
        answer: Answer = self._handlers[operation.name](ask)
        return answer

    @property
    def is_losing(self) -> bool:
        """Whether the call being served is done but will be forgotten."""
        return self._fault is not None and self._fault.kind is FaultKind.LOSE
