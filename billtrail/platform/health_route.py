"""`GET /api/v1/health`: every check of the platform with its reason. 200 when all are well, else 503."""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from billtrail.platform.health import Readiness

PATH = "/api/v1/health"


def build_health_route(readiness: Readiness) -> Route:
    """Make the route. Asking costs one trivial statement; it runs in a thread, beside the doors."""

    def answer(request: Request) -> Response:
        checks = readiness.check()
        is_ready = all(check.is_ok for check in checks)
        told = [asdict(one) for one in checks]
        return JSONResponse({"ready": is_ready, "checks": told}, 200 if is_ready else 503)

    return Route(PATH, answer, methods=["GET"])
