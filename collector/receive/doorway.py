"""What every door stands in: the gate, the limits, the journals behind it and the counters beside it."""

import time
from collections.abc import Sequence
from typing import Self

from starlette.requests import Request
from starlette.responses import Response

from billtrail.clock import Clock
from billtrail.errors import StoreError
from collector.journal import Frame, Journal, encode_bodies
from collector.metrics import CollectorMetrics
from collector.receive.auth import Gate
from collector.receive.budget import Budget
from collector.receive.otlp_signal import Taken
from collector.receive.pace import Pace
from collector.receive.refusal import Refusal, overloaded
from collector.settings import CollectorSettings


class Visit:
    """One request at a door, until it is known what came of it; then it is counted."""

    def __init__(self, door: str, metrics: CollectorMetrics, budget: Budget) -> None:
        self.outcome = "failed"
        self.bytes = 0
        self._door = door
        self._metrics = metrics
        self._budget = budget
        self._held_bytes = 0
        self._started = time.perf_counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._budget.hold(-self._held_bytes)
        self._metrics.count_request(self._door, self.outcome, self.bytes, time.perf_counter() - self._started)

    def hold(self, size: int) -> None:
        """Count bytes that are held for this request, until it is answered. Raises Refusal (503)."""
        self._budget.hold(size)
        self._held_bytes += size

    def accept(self, size: int) -> None:
        self.outcome, self.bytes = "accepted", size

    def note(self, refusal: Refusal) -> None:
        self.outcome = str(refusal.status)

    def refuse(self, refusal: Refusal, response: Response) -> Response:
        self.note(refusal)
        return response


class Doorway:
    """Shared by the doors of one server."""

    def __init__(
        self, settings: CollectorSettings, traces: Journal, events: Journal, clock: Clock, metrics: CollectorMetrics
    ) -> None:
        self.settings = settings
        self.gate = Gate(settings.tokens, settings.tokens_file)
        self.budget = Budget(settings.max_in_flight_bytes)
        self._pace = Pace(settings.source_requests_per_second, settings.source_bytes_per_second)
        self._traces = traces
        self._events = events
        self._clock = clock
        self._metrics = metrics

    def admit(self, request: Request, scope: str) -> str:
        """Answer the sender's name. Raises Refusal (401, 403, 429)."""
        given = request.headers.get("authorization", "")
        if not given and (token := request.query_params.get("access_token")):
            given = f"Bearer {token}"
        return self.admit_given(given, scope)

    def admit_given(self, authorization: str, scope: str) -> str:
        """Do what `admit` does, by the words of a header. Raises Refusal (401, 403, 429)."""
        source = self.gate.admit(authorization, scope)
        self._pace.begin(source)
        return source

    async def keep(self, taken: Taken, source: str, door: str) -> None:
        """Make what was taken of an OTLP request durable. Raises Refusal (503)."""
        if taken.spans and taken.count:
            frame = self._frame_spans(taken, source, door)
            await self._append(self._traces, frame)
        if taken.events:
            await self.keep_events(taken.events, source, door)
        self._metrics.count_ignored(door, taken.ignored)

    async def keep_events(self, bodies: Sequence[bytes], source: str, door: str) -> None:
        """Make business events durable. Raises Refusal (503)."""
        await self._append(self._events, self._frame_events(bodies, source, door))

    def measure(self, door: str) -> Visit:
        """Count what comes of a request and how long it takes: `with doorway.measure(DOOR) as visit`."""
        return Visit(door, self._metrics, self.budget)

    def _now_ns(self) -> int:
        return int(self._clock.now().timestamp() * 1000) * 1_000_000

    def _frame_spans(self, taken: Taken, source: str, door: str) -> Frame:
        self._pace.read(source, len(taken.spans))
        return Frame(taken.spans, source, door, self._now_ns(), "span", taken.count)

    def _frame_events(self, bodies: Sequence[bytes], source: str, door: str) -> Frame:
        payload = encode_bodies(bodies)
        self._pace.read(source, len(payload))
        return Frame(payload, source, door, self._now_ns(), "event", len(bodies))

    async def _append(self, journal: Journal, frame: Frame) -> None:
        try:
            await journal.append_soon(frame)
        except StoreError as error:
            raise overloaded(str(error)) from error
