"""One system of the firm behind HTTP: takes JSON, asks the system's books, answers JSON.

Every request is a server span that continues the caller's trace. The caller's correlation id arrives as baggage; by it
the books know which faults to have. The span ends before the answer leaves, so that the caller sees time pass in order.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from opentelemetry import baggage
from opentelemetry.propagate import extract
from opentelemetry.trace import SpanKind, StatusCode
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from billtrail.model.vocabulary import ErrorCategory
from billtrail.telemetry import Telemetry
from simulator.systems.books import Books
from simulator.systems.failure import SystemFailure
from simulator.systems.operation import Operation

Endpoint = Callable[[Request], Awaitable[Response]]


def make_service(books: Books, operations: Sequence[Operation[Any, Any]], telemetry: Telemetry) -> Starlette:
    """Put a system behind HTTP, one route per operation."""
    routes = [Route(one.path, _make_endpoint(books, one, telemetry), methods=[one.method]) for one in operations]
    return Starlette(routes=routes)


def _make_endpoint(books: Books, operation: Operation[Any, Any], telemetry: Telemetry) -> Endpoint:
    attributes = {
        "http.request.method": operation.method,
        "http.route": operation.path,
        "billtrail.system": books.system,
    }

    async def answer(request: Request) -> Response:
        body = await request.body()
        context = extract(request.headers)
        correlation_id = str(baggage.get_baggage("billtrail.correlation_id", context) or "")
        with telemetry.tracer.start_as_current_span(
            f"{operation.method} {operation.path}", context=context, kind=SpanKind.SERVER, attributes=attributes
        ) as span:
            try:
                response = _serve(books, operation, body, correlation_id)
            except SystemFailure as failure:
                response = _refuse(failure)
                span.set_attribute("error.type", failure.error_category.value)
                if failure.status >= 500:
                    span.set_status(StatusCode.ERROR, failure.message)
            span.set_attribute("http.response.status_code", response.status_code)
        return response

    return answer


def _serve(books: Books, operation: Operation[Any, Any], body: bytes, correlation_id: str) -> Response:
    try:
        ask = operation.ask_adapter.validate_json(body)
    except ValidationError as error:
        raise SystemFailure(books.system, ErrorCategory.VALIDATION, str(error)) from error
    answer = books.serve(operation, ask, correlation_id)
    return Response(operation.answer_adapter.dump_json(answer), media_type="application/json")


def _refuse(failure: SystemFailure) -> Response:
    headers = {"retry-after": f"{failure.retry_after_s:.0f}"} if failure.retry_after_s else None
    body = {"error": failure.error_category.value, "message": failure.message}
    return JSONResponse(body, status_code=failure.status, headers=headers)
