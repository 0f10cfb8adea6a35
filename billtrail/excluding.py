"""Exclusions by command, in both places: in a running platform, asked over HTTP, and in a store nobody runs."""

import threading

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billtrail.clock import Clock
from billtrail.errors import SettingsError, StoreError
from billtrail.listening import find_foreign
from billtrail.store import Store
from collector.receive.auth import Gate
from collector.receive.problem import problem_response
from collector.receive.refusal import Refusal, malformed, overloaded
from collector.settings import CollectorSettings
from slos.exclude import ExclusionReport, ExclusionWish, carry_out

PATH = "/api/v1/exclusions"


def build_exclusion_route(store: Store, settings: CollectorSettings, clock: Clock) -> Route:
    """`POST /api/v1/exclusions` with a wish as JSON; the answer is the report. Needs a token for imports.

    `store` is a lane of the route's own: one wish at a time. A wish that cannot be is answered with 400 and the reason.
    """
    gate, turn = Gate(settings.tokens, settings.tokens_file), threading.Lock()

    def work(wish: ExclusionWish) -> ExclusionReport:
        with turn:
            return carry_out(store, clock, wish)

    async def receive(request: Request) -> Response:
        try:
            gate.admit(request.headers.get("authorization", ""), "import")
            foreign = find_foreign(request.headers.get("host", ""), request.headers.get("origin", ""))
            if gate.is_open and foreign:
                raise Refusal(403, foreign, hint="configure a token and send it")
            report = await run_in_threadpool(work, _read_wish(await request.body()))
        except Refusal as refusal:
            return problem_response(refusal)
        except SettingsError as error:
            return problem_response(Refusal(400, str(error), hint=error.hint))
        except StoreError as error:
            return problem_response(overloaded(str(error)))
        return Response(report.model_dump_json(), media_type="application/json")

    return Route(PATH, receive, methods=["POST"])


def _read_wish(body: bytes) -> ExclusionWish:
    try:
        return ExclusionWish.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise malformed(first["msg"], ".".join(map(str, first["loc"]))) from error
