"""`POST /v1/events`: business events as CloudEvents, and the handshake of those who send them as a web hook.

204 means durable. The handshake (HTTP 1.1 Web Hooks for Event Delivery, section 4) is consent to be sent events, no
authentication: it is given to the origins in `collector.webhook_origins` alone, and a callback is never called.
"""

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from collector.receive.body import read_body
from collector.receive.cloudevents import is_batch, read_events
from collector.receive.doorway import Doorway
from collector.receive.problem import problem_response
from collector.receive.refusal import Refusal, too_large

DOOR = "cloudevents"
PATH = "/v1/events"
_LARGE_BYTES = 1 << 19
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
                body = await read_body(request, self._doorway.settings, visit.hold)
                bodies = await self._read(dict(request.headers), body)
                if bodies:
                    await self._doorway.keep_events(bodies, source, DOOR)
            except Refusal as refusal:
                return visit.refuse(refusal, problem_response(refusal))
            visit.accept(len(body))
        # A token in an address must not be kept with the answer (section 3.2).
        is_private = "access_token" in request.query_params
        return Response(status_code=204, headers={"cache-control": "private"} if is_private else None)

    async def _read(self, headers: dict[str, str], body: bytes) -> list[bytes]:
        """Answer the events of a request. A large one must not hold up all the others."""
        settings = self._doorway.settings
        if len(body) > settings.max_event_bytes and not is_batch(headers):
            raise too_large("the event", settings.max_event_bytes)
        if len(body) > _LARGE_BYTES:
            bodies = await asyncio.to_thread(read_events, headers, body, settings.max_batch_events)
        else:
            bodies = read_events(headers, body, settings.max_batch_events)
        for place, one in enumerate(bodies):
            if len(one) > settings.max_event_bytes:
                raise too_large(f"events[{place}]" if len(bodies) > 1 else "the event", settings.max_event_bytes)
        return bodies

    async def shake_hands(self, request: Request) -> Response:
        """Consent, in headers, to an origin that is known; the status alone says nothing."""
        headers = {"allow": _METHODS}
        origin = request.headers.get("webhook-request-origin", "")
        known = self._doorway.settings.webhook_origins
        if origin and (origin.lower() in {one.lower() for one in known} or "*" in known):
            headers |= {"webhook-allowed-origin": origin, "webhook-allowed-rate": "*"}
        return Response(status_code=200, headers=headers)
