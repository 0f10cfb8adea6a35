"""Rebuilding a source after its mapping changed: in a running platform, asked over HTTP, and in a store nobody runs."""

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from prometheus_client import CollectorRegistry
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from billtrail.clock import Clock
from billtrail.configuration import Configuration
from billtrail.errors import SettingsError, StoreError
from billtrail.store import Store
from collector.firm_sources import read_firm_sources
from collector.journal import Journal
from collector.load.rebuild import Progress, rebuild_source
from collector.load.wish import RebuildWish, ask_rebuild, find_granted
from collector.mapping import compile_source
from collector.metrics import CollectorMetrics
from collector.receive.auth import Gate, admit_operator
from collector.receive.problem import problem_response
from collector.receive.refusal import Refusal, malformed, overloaded
from collector.run import Intake
from collector.settings import CollectorSettings
from correlators.run import Correlators
from correlators.settings import CorrelatorsSettings

PATH = "/api/v1/rebuilds"
_LONGEST_S = 3600.0
_LOOK_EVERY_S = 0.2
_LAST = 2**63
Outcome = dict[str, Any]


def rebuild_into(
    store: Store, configuration: Configuration, clock: Clock, wish: RebuildWish, progress: Progress
) -> Outcome:
    """Rebuild in a store this process owns, and follow it into the lifecycles. Raises SettingsError, StoreError."""
    settings = configuration.of(CollectorSettings)
    if wish.is_dry:
        return count_rebuild(store, settings, wish, progress)
    read_firm_sources(settings).get(wish.source)
    intake = Intake(settings, store, clock, CollectorMetrics(CollectorRegistry()))
    intake.start()
    try:
        ask_rebuild(intake.events, clock, wish)
    finally:
        intake.stop()
    Correlators(store, clock, configuration.of(CorrelatorsSettings)).drain()
    return _settle(find_granted(store, wish), wish)


def count_rebuild(
    store: Store, settings: CollectorSettings, wish: RebuildWish, progress: Progress = lambda done, total: None
) -> Outcome:
    """Count what a rebuild would change, by the folder as it is now. Raises SettingsError, StoreError."""
    compiled = compile_source(read_firm_sources(settings).get(wish.source))
    return asdict(rebuild_source(store, compiled, _LAST, writes=False, progress=progress))


def build_rebuild_route(
    store: Store, find_journal: Callable[[], Journal], settings: CollectorSettings, clock: Clock
) -> Route:
    """`POST /api/v1/rebuilds` with a wish as JSON; the answer comes when it is done. Needs what a replay needs.

    `store` is a lane of the route's own.
    """
    gate = Gate(settings.tokens, settings.tokens_file)

    def work(wish: RebuildWish) -> Outcome:
        if wish.is_dry:
            return count_rebuild(store, settings, wish)
        read_firm_sources(settings).get(wish.source)
        ask_rebuild(find_journal(), clock, wish)
        deadline = time.monotonic() + _LONGEST_S
        while (found := find_granted(store, wish)) is None and time.monotonic() < deadline:
            find_journal().wakes_drained.wait(_LOOK_EVERY_S)
        return _settle(found, wish)

    async def receive(request: Request) -> Response:
        try:
            admit_operator(gate, request)
            return JSONResponse(await run_in_threadpool(work, _read_wish(await request.body())))
        except Refusal as refusal:
            return problem_response(refusal)
        except SettingsError as error:
            return problem_response(malformed(f"{error} ({error.hint})" if error.hint else str(error), "source"))
        except StoreError as error:
            return problem_response(overloaded(str(error)))

    return Route(PATH, receive, methods=["POST"])


def _settle(found: Outcome | None, wish: RebuildWish) -> Outcome:
    if found is None:
        raise StoreError(f"{wish.source}: the rebuild is asked for and not done yet", is_transient=True)
    if failed := found.get("failed"):
        raise StoreError(f"{wish.source} was not rebuilt: {failed}")
    return {name: value for name, value in found.items() if name != "wish_id"}


def _read_wish(body: bytes) -> RebuildWish:
    try:
        return RebuildWish.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise malformed(first["msg"], ".".join(map(str, first["loc"]))) from error
