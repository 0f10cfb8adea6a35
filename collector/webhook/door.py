"""`POST /v1/sources/{source}`: vendors' messages, each kept as it came once its sender is known.

200 means durable. A body the mapping cannot use is taken too: the vendor could not mend it, and it will be a dead
letter. 401 is a wrong, stale or replayed signature, of which only a count is kept. 503 is everything that may be better
later, the one code every vendor repeats; the answer comes within three seconds, the shortest patience among them.

Where a source has secrets, one of its verifiers must be satisfied, or a token of the platform with the scope `sources`
be shown. Where it has none the door is closed, unless the platform asks nobody for a token (on loopback).
"""

import asyncio
import logging

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billtrail.clock import Clock
from billtrail.errors import PayloadError, StoreError
from collector.mapping import Catalogue
from collector.metrics import CollectorMetrics
from collector.receive.body import read_body
from collector.receive.cloudevents import read_events
from collector.receive.doorway import Doorway
from collector.receive.events_http import CloudEventsDoor
from collector.receive.problem import problem_response
from collector.receive.refusal import Refusal, overloaded
from collector.source_settings import SourceSettings
from collector.webhook.entrance import Entrance
from collector.webhook.handshake import answer_kept, answer_subscription, answer_validation
from collector.webhook.intake import SourceDoor, SourceIntake
from collector.webhook.knock import Knock, Verdict
from collector.webhook.xml import read_xml

log = logging.getLogger(__name__)

DOOR = "webhook"
TOO_MANY = 429
_PATIENCE_S = 2.5
_LARGE_BYTES = 1 << 18
_SAID = {
    Verdict.UNSIGNED: "the request is not signed",
    Verdict.FORGED: "the signature does not fit",
    Verdict.STALE: "the signature is too old",
    Verdict.REPLAYED: "the signature was used before",
}


def build_source_routes(
    doorway: Doorway, intake: SourceIntake, catalogue: Catalogue, clock: Clock, metrics: CollectorMetrics
) -> list[Route]:
    """Build the doors of all sources."""
    door = SourcesDoor(doorway, intake, catalogue, clock, metrics)
    path = "/v1/sources/{source}"
    return [
        Route(path, door.receive, methods=["POST"]),
        Route(path, door.look, methods=["GET"]),
        Route(path, door.shake_hands, methods=["OPTIONS"]),
    ]


class SourcesDoor:
    """The doors of all sources, opened when the first message for them comes."""

    def __init__(
        self,
        doorway: Doorway,
        intake: SourceIntake,
        catalogue: Catalogue,
        clock: Clock,
        metrics: CollectorMetrics,
    ) -> None:
        self._doorway = doorway
        self._intake = intake
        self._catalogue = catalogue
        self._clock = clock
        self._metrics = metrics
        self._entrances: dict[str, Entrance] = {}

    async def receive(self, request: Request) -> Response:
        """Take one request, wholly or not at all."""
        with self._doorway.measure(DOOR) as visit:
            try:
                entrance = self._find_entrance(request.path_params["source"])
                body = await read_body(request, self._doorway.settings, visit.hold)
                knock = self._make_knock(request, entrance, body)
                answer = answer_validation(entrance.receive.handshakes, knock)
                answer = answer or await self._take(request, entrance, knock)
            except Refusal as refusal:
                return visit.refuse(refusal, problem_response(refusal))
            visit.accept(len(body))
            return answer

    async def look(self, request: Request) -> Response:
        """Answer those who look whether somebody is there, and Graph's validation."""
        try:
            entrance = self._find_entrance(request.path_params["source"])
        except Refusal as refusal:
            return problem_response(refusal)
        knock = self._make_knock(request, entrance, b"")
        return answer_validation(entrance.receive.handshakes, knock) or Response(
            status_code=405, headers={"allow": "OPTIONS, POST"}
        )

    async def shake_hands(self, request: Request) -> Response:
        """Consent to being sent events as a web hook, for the sources whose vendors ask."""
        try:
            entrance = self._find_entrance(request.path_params["source"])
        except Refusal as refusal:
            return problem_response(refusal)
        if "cloudevents" in entrance.receive.handshakes:
            return await CloudEventsDoor(self._doorway).shake_hands(request)
        return Response(status_code=200, headers={"allow": "OPTIONS, POST"})

    async def _take(self, request: Request, entrance: Entrance, knock: Knock) -> Response:
        self._admit(request, entrance, knock)
        if answer := answer_subscription(entrance.receive.handshakes, knock):
            return answer
        if not knock.body and "ce-id" not in knock.headers:
            raise Refusal(400, "the body is empty")
        bodies = await self._read(entrance, knock)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await self._intake.keep_soon(entrance.name, SourceDoor.WEBHOOK, bodies)
        except (StoreError, TimeoutError) as error:
            entrance.forget(knock)
            raise overloaded(str(error) or "the disk is slow") from error
        entrance.count("taken")
        return answer_kept(entrance.receive.handshakes)

    def _admit(self, request: Request, entrance: Entrance, knock: Knock) -> None:
        """Let a known sender in. Raises Refusal."""
        secrets = entrance.secrets.find()
        if not secrets and not self._doorway.settings.has_token:
            return
        verdict = entrance.judge(knock, secrets) if secrets else Verdict.UNSIGNED
        if verdict is Verdict.GENUINE or self._shows_token(request):
            return
        entrance.count(verdict.value if secrets else "closed")
        if not secrets and entrance.receive.checks:
            log.warning("source %s: a message was refused: no secret is set for it", entrance.name)
            raise overloaded(f"no secret is set: collector.sources.{entrance.name}.secrets")
        raise Refusal(401, _SAID[verdict], where="signature")

    def _shows_token(self, request: Request) -> bool:
        if not self._doorway.settings.has_token:
            return False
        try:
            self._doorway.admit(request, "sources")
        except Refusal as refusal:
            if refusal.status == TOO_MANY:
                raise overloaded(str(refusal)) from refusal
            return False
        return True

    async def _read(self, entrance: Entrance, knock: Knock) -> list[bytes]:
        """Answer the messages of a body; one that cannot be read is kept whole, to be a dead letter."""
        receive, body = entrance.receive, knock.body
        try:
            if receive.format == "xml" and body.lstrip()[:1] == b"<":
                return (
                    await asyncio.to_thread(read_xml, body, receive)
                    if len(body) > _LARGE_BYTES
                    else read_xml(body, receive)
                )
            if "ce-id" in knock.headers:
                return read_events(dict(knock.headers), body, self._doorway.settings.max_batch_events)
        except PayloadError as error:
            log.info("source %s: a body is kept as it came: %s", entrance.name, error)
        return [entrance.redact(body.decode("utf-8", "replace")).encode()]

    def _find_entrance(self, name: str) -> Entrance:
        entrance = self._entrances.get(name)
        if entrance is None:
            if name in self._catalogue.refused:
                raise overloaded(f"the folder of {name} has mistakes: billtrail sources list names them")
            if name not in self._catalogue.sources:
                raise Refusal(404, f"no source is called {name[:60]}", where="source")
            said = self._doorway.settings.sources.get(name) or SourceSettings(expected_seconds=0)
            entrance = Entrance(self._catalogue.sources[name], said, self._metrics.count_request_of)
            self._entrances[name] = entrance
        return entrance

    def _make_knock(self, request: Request, entrance: Entrance, body: bytes) -> Knock:
        query = request.url.query
        url = entrance.url + (f"?{query}" if query and "?" not in entrance.url else "") if entrance.url else ""
        return Knock(
            request.method,
            url or str(request.url),
            {name.lower(): value for name, value in request.headers.items()},
            dict(request.query_params),
            body,
            self._clock.now().timestamp(),
        )
