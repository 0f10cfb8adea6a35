"""What people decide by command, in a running platform: asked over HTTP, one at a time, audited by its room."""

import threading
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import collector.pull.close_gap
import correlators.link
import correlators.rebuild
import slos.exclude
from billtrail.clock import Clock
from billtrail.errors import SettingsError, StoreError
from billtrail.listening import find_foreign
from billtrail.store import Store
from collector.receive.auth import Gate
from collector.receive.problem import problem_response
from collector.receive.refusal import Refusal, malformed, overloaded
from collector.settings import CollectorSettings

EXCLUSIONS = "/api/v1/exclusions"
GAPS = "/api/v1/gaps"
LINKS = "/api/v1/links"
REBUILDS = "/api/v1/rebuilds/lifecycles"
Wish = TypeVar("Wish", bound=BaseModel)


def build_decision_routes(open_lane: Callable[[], Store], settings: CollectorSettings, clock: Clock) -> list[Route]:
    """`POST` a wish as JSON, the answer is the report. Needs a token for imports.

    A wish that cannot be is answered with 400 and the reason.
    """
    gate, lanes = Gate(settings.tokens, settings.tokens_file), [open_lane() for _ in range(4)]
    return [
        _build(
            EXCLUSIONS,
            gate,
            slos.exclude.ExclusionWish,
            lambda wish: slos.exclude.carry_out(lanes[0], clock, wish),
        ),
        _build(
            LINKS,
            gate,
            correlators.link.LinkWish,
            lambda wish: correlators.link.carry_out(lanes[1], clock, wish),
        ),
        _build(
            REBUILDS,
            gate,
            correlators.rebuild.RebuildWish,
            lambda wish: correlators.rebuild.carry_out(lanes[2], clock, wish),
        ),
        _build(
            GAPS,
            gate,
            collector.pull.close_gap.GapWish,
            lambda wish: collector.pull.close_gap.carry_out(lanes[3], clock, wish),
        ),
    ]


def _build(path: str, gate: Gate, kind: type[Wish], carry_out: Callable[[Wish], BaseModel]) -> Route:
    turn = threading.Lock()

    def work(wish: Wish) -> BaseModel:
        with turn:
            return carry_out(wish)

    async def receive(request: Request) -> Response:
        try:
            gate.admit(request.headers.get("authorization", ""), "import")
            foreign = find_foreign(request.headers.get("host", ""), request.headers.get("origin", ""))
            if gate.is_open and foreign:
                raise Refusal(403, foreign, hint="configure a token and send it")
            report = await run_in_threadpool(work, _read_wish(kind, await request.body()))
        except Refusal as refusal:
            return problem_response(refusal)
        except SettingsError as error:
            return problem_response(Refusal(400, str(error), hint=error.hint))
        except StoreError as error:
            return problem_response(overloaded(str(error)))
        return Response(report.model_dump_json(), media_type="application/json")

    return Route(path, receive, methods=["POST"])


def _read_wish(kind: type[Wish], body: bytes) -> Wish:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise malformed(first["msg"], ".".join(map(str, first["loc"]))) from error
