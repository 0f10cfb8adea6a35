"""The collector's HTTP application: the doors, health, readiness and metrics."""

from collections.abc import Callable, Sequence

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from collector.metrics import CollectorMetrics
from collector.receive.doorway import Doorway
from collector.receive.events_http import build_event_routes
from collector.receive.otlp_http import OTLP_PATHS, build_otlp_routes
from collector.receive.problem import problem_response, read_media_type, status_response
from collector.receive.refusal import Refusal


def build_app(
    doorway: Doorway,
    metrics: CollectorMetrics,
    find_ailments: Callable[[], list[str]],
    routes: Sequence[BaseRoute] = (),
    find_warnings: Callable[[], list[str]] = list,
) -> Starlette:
    """Build the application. `find_ailments` names what keeps it from taking records; empty means ready.

    `find_warnings` names what should be looked at although it is ready.

    `routes` are what the roof adds, such as its own API.
    """

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("ok\n")

    def readyz(request: Request) -> Response:
        ailments = find_ailments()
        told: dict[str, object] = {"ready": not ailments, "ailments": ailments}
        told |= {"warnings": warnings} if (warnings := find_warnings()) else {}
        return JSONResponse(told, 503 if ailments else 200)

    async def show_metrics(request: Request) -> Response:
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    async def fail(request: Request, error: Exception) -> Response:
        refusal = Refusal(500, "Billtrail failed to answer; its log says why")
        if request.url.path in OTLP_PATHS:
            return status_response(refusal, read_media_type(request.headers))
        return problem_response(refusal)

    app = Starlette(
        exception_handlers={500: fail},
        routes=[
            *build_otlp_routes(doorway),
            *build_event_routes(doorway),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            Route("/metrics", show_metrics),
            *routes,
        ],
    )
    # Neither exporters nor vendors follow a redirect with their body: an address with a slash too many is not known.
    app.router.redirect_slashes = False
    return app
