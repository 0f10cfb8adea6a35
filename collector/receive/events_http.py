"""`POST /v1/events`: business events as CloudEvents, and the handshake of those who send them as a web hook.

204 means durable. The handshake (HTTP 1.1 Web Hooks for Event Delivery, section 4) is consent to be sent events, no
authentication: it is given to the origins in `collector.webhook_origins` alone, and a callback is never called.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.receive.body import read_body
from collector.receive.cloudevents import read_events
from collector.receive.doorway import Doorway
from collector.receive.problem import problem_response
from collector.receive.refusal import Refusal, too_large

DOOR = "cloudevents"
PATH = "/v1/events"
_METHODS = "OPTIONS, POST"


def build_event_routes(doorway: Doorway) -> list[Route]:
    """Build the door for business events."""
    door = CloudEventsDoor(doorway)
    return [Route(PATH, door.receive_events, methods=["POST"]), Route(PATH, door.shake_hands, methods=["OPTIONS"])]


class CloudEventsDoor:
    """The door for business events."""

    def __init__(self, doorway: Doorway) -> None:
        self._doorway = doorway

    async def receive_events(self, request: Request) -> Response:
        """Take one event or a batch, wholly or not at all."""
        with self._doorway.measure(DOOR) as visit:
            try:
                source = self._doorway.admit(request, "events")
                body = await read_body(request, self._doorway.settings)
                bodies = read_events(dict(request.headers), body, self._doorway.settings.max_batch_events)
                _check_sizes(bodies, self._doorway.settings.max_event_bytes)
                if bodies:
                    await self._doorway.keep_events(bodies, source, DOOR)
            except Refusal as refusal:
                return visit.refuse(refusal, problem_response(refusal))
            visit.accept(len(body))
        # A token in an address must not be kept with the answer (section 3.2).
        is_private = "access_token" in request.query_params
        return Response(status_code=204, headers={"cache-control": "private"} if is_private else None)

    async def shake_hands(self, request: Request) -> Response:
        """Consent, in headers, to an origin that is known; the status alone says nothing."""
        headers = {"allow": _METHODS}
        origin = request.headers.get("webhook-request-origin", "")
        known = self._doorway.settings.webhook_origins
        if origin and (origin.lower() in {one.lower() for one in known} or "*" in known):
            headers |= {"webhook-allowed-origin": origin, "webhook-allowed-rate": "*"}
        return Response(status_code=200, headers=headers)


def _check_sizes(bodies: list[bytes], limit: int) -> None:
    for place, body in enumerate(bodies):
        if len(body) > limit:
            raise too_large(f"events[{place}]" if len(bodies) > 1 else "the event", limit)
