"""Asks a service over HTTP. The client is instrumented: each request is a span and carries trace and baggage."""

import httpx

from billtrail.model.vocabulary import ErrorCategory
from billtrail.telemetry import Telemetry
from simulator.systems.failure import SystemFailure
from simulator.systems.operation import Answer, Ask, Operation


class HttpPort:
    """A port to one service."""

    def __init__(self, system: str, url: str, telemetry: Telemetry) -> None:
        self._system = system
        self._client = httpx.Client(base_url=url, timeout=30.0, headers={"content-type": "application/json"})
        telemetry.instrument(self._client)

    def invoke(self, operation: Operation[Ask, Answer], ask: Ask) -> Answer:
        """Send one request. Raises SystemFailure as the service puts it, or `unavailable` when it cannot be reached."""
        try:
            response = self._client.request(
                operation.method, operation.path, content=operation.ask_adapter.dump_json(ask)
            )
        except httpx.TransportError as error:
            raise SystemFailure(self._system, ErrorCategory.UNAVAILABLE, str(error)) from error
        if response.is_error:
            raise self._read_failure(response)
        return operation.answer_adapter.validate_json(response.content)

    def close(self) -> None:
        self._client.close()

    def _read_failure(self, response: httpx.Response) -> SystemFailure:
        body = response.json()
        retry_after_s = float(response.headers.get("retry-after", 0))
        return SystemFailure(self._system, ErrorCategory(body["error"]), body["message"], retry_after_s)
