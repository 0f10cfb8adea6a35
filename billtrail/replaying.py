"""Replaying dead letters, in both places: in a running platform, asked over HTTP, and in a store nobody runs."""

import threading
from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billtrail.clock import Clock
from billtrail.configuration import Configuration
from billtrail.errors import StoreError
from billtrail.store import Store
from collector.journal import Journal
from collector.metrics import CollectorMetrics
from collector.receive.auth import Gate, admit_operator
from collector.receive.problem import problem_response
from collector.receive.refusal import Refusal, malformed, overloaded
from collector.replay import ReplayReport, ReplayWish, replay
from collector.run import Intake
from collector.settings import CollectorSettings
from correlators.run import Correlators
from correlators.settings import CorrelatorsSettings

PATH = "/api/v1/replays"


def replay_into(store: Store, configuration: Configuration, clock: Clock, wish: ReplayWish) -> ReplayReport:
    """Replay into a store that this process owns, and follow it into the lifecycles. Raises StoreError."""
    if not wish.applies:
        return replay(store, {}, clock, wish)
    intake = Intake(configuration.of(CollectorSettings), store, clock, CollectorMetrics(CollectorRegistry()))
    intake.start()
    try:
        report = replay(store, {"events": intake.events, "traces": intake.traces}, clock, wish)
    finally:
        intake.stop()
    Correlators(store, clock, configuration.of(CorrelatorsSettings)).drain()
    return report


def build_replay_route(
    store: Store, find_journals: Callable[[], Mapping[str, Journal]], settings: CollectorSettings, clock: Clock
) -> Route:
    """`POST /api/v1/replays` with a wish as JSON; the answer is the report. Needs the token of the doors,
    and like an import refuses pages of the web where there is none.

    `store` is a lane of the route's own: one replay at a time.
    """
    gate, turn = Gate(settings.tokens, settings.tokens_file), threading.Lock()

    def work(wish: ReplayWish) -> ReplayReport:
        with turn:
            return replay(store, find_journals(), clock, wish)

    async def receive(request: Request) -> Response:
        try:
            admit_operator(gate, request)
            wish = _read_wish(await request.body())
            report = await run_in_threadpool(work, wish)
        except Refusal as refusal:
            return problem_response(refusal)
        except StoreError as error:
            return problem_response(overloaded(str(error)))
        return Response(report.model_dump_json(), media_type="application/json")

    return Route(PATH, receive, methods=["POST"])


def _read_wish(body: bytes) -> ReplayWish:
    try:
        return ReplayWish.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise malformed(first["msg"], ".".join(map(str, first["loc"]))) from error
