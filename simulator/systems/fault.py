"""Faults that a system is told to have: the next calls of one correlation id fail, then all is well again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from billtrail.model.vocabulary import ErrorCategory
from simulator.systems.failure import SystemFailure


class FaultKind(StrEnum):
    """What goes wrong. `lose` is done and answered, and then forgotten by the system's outbox."""

    TIMEOUT = "timeout"
    RATE_LIMIT = "rate_limit"
    UNAVAILABLE = "unavailable"
    REJECT = "reject"
    LOSE = "lose"


@dataclass(frozen=True, slots=True)
class Fault:
    """Let `times` calls of an operation fail, after `skip` of them went well.

    `times` beyond the retries is an outage.
    """

    operation: str
    kind: FaultKind
    times: int = 1
    skip: int = 0
    message: str = ""


_CATEGORY = {
    FaultKind.TIMEOUT: ErrorCategory.TIMEOUT,
    FaultKind.RATE_LIMIT: ErrorCategory.RATE_LIMIT,
    FaultKind.UNAVAILABLE: ErrorCategory.UNAVAILABLE,
    FaultKind.REJECT: ErrorCategory.VALIDATION,
}
_MESSAGE = {
    FaultKind.TIMEOUT: "no answer within 30 s",
    FaultKind.RATE_LIMIT: "too many requests",
    FaultKind.UNAVAILABLE: "maintenance window",
    FaultKind.REJECT: "the record does not pass validation",
}


class Gate:
    """Stands before a system's operations and lets calls through, or fails them as armed."""

    def __init__(self, system: str) -> None:
        self._system = system
        self._armed: dict[tuple[str, str], list[Fault]] = defaultdict(list)
        self._seen: dict[tuple[str, str], int] = defaultdict(int)

    def arm(self, correlation_id: str, faults: Iterable[Fault]) -> None:
        """Make the coming calls of one correlation id fail. Replaces what was armed for it before."""
        self.disarm(correlation_id)
        for fault in faults:
            self._armed[correlation_id, fault.operation].append(fault)

    def disarm(self, correlation_id: str) -> None:
        """Forget what was armed for a correlation id."""
        for key in [key for key in self._armed if key[0] == correlation_id]:
            del self._armed[key]
            self._seen.pop(key, None)

    def find(self, correlation_id: str, operation: str) -> Fault | None:
        """Answer the fault that this call meets, and count it."""
        key = (correlation_id, operation)
        if key not in self._armed:
            return None
        self._seen[key] += 1
        seen = self._seen[key]
        return next((fault for fault in self._armed[key] if fault.skip < seen <= fault.skip + fault.times), None)

    def fail(self, fault: Fault) -> SystemFailure:
        """Make the failure a fault shows itself as."""
        retry_after_s = 2.0 if fault.kind is FaultKind.RATE_LIMIT else 0.0
        message = fault.message or _MESSAGE[fault.kind]
        return SystemFailure(self._system, _CATEGORY[fault.kind], message, retry_after_s)
