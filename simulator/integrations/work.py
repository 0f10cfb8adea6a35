"""What an integration run has in hand: its run, a port to each system, the crosswalk, and a way to call with
retries.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, Unpack

from opentelemetry.trace import Span

from billtrail.model.object_key import ObjectKey
from billtrail.model.vocabulary import ErrorCategory
from billtrail.telemetry import BusinessEvent, EventFields
from simulator.integrations.crosswalk import Crosswalk
from simulator.systems.books import Pace
from simulator.systems.failure import SystemFailure
from simulator.systems.operation import Answer, Ask, Operation, Port

ATTEMPTS = 4


class Run(Protocol):
    """What a run needs of the telemetry kit; `billtrail.telemetry.IntegrationRun` is one."""

    events: list[BusinessEvent]

    def emit(self, event_type: str, **fields: Unpack[EventFields]) -> BusinessEvent: ...

    def step(self, name: str, *keys: ObjectKey | str) -> AbstractContextManager[Span]: ...

    def note_failure(self, error: BaseException, span: Span) -> ErrorCategory: ...


@dataclass(frozen=True, slots=True)
class Work:
    """The means of one run."""

    run: Run
    ports: Mapping[str, Port]
    crosswalk: Crosswalk
    pace: Pace

    def call(self, operation: Operation[Ask, Answer], ask: Ask) -> Answer:
        """Ask a system, up to four times while its failures are transient. Raises SystemFailure."""
        for attempt in range(1, ATTEMPTS):
            try:
                return self.ports[operation.system].invoke(operation, ask)
            except SystemFailure as failure:
                if not failure.is_transient:
                    raise
                self.pace.advance(failure.retry_after_s or float(2**attempt))
        return self.ports[operation.system].invoke(operation, ask)
