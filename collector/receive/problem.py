"""Refusals in the words of each protocol: problem documents (RFC 9457), and `google.rpc.Status` for OTLP.

OTLP wants the answer in the encoding of the request and a `BadRequest` detail naming the field (OTLP specification,
"Failures").
"""

import json
from collections.abc import Mapping
from http import HTTPStatus

from google.protobuf import json_format
from google.rpc import error_details_pb2, status_pb2
from starlette.responses import Response

from collector.receive.refusal import Refusal

PROBLEM_TYPE = "application/problem+json"
JSON_TYPE = "application/json"
PROTOBUF_TYPE = "application/x-protobuf"

# google.rpc.Code (google/rpc/code.proto, "HTTP Mapping").
_RPC_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 405: 12, 408: 4, 413: 8, 415: 3, 429: 8, 500: 13, 503: 14}


def read_media_type(headers: Mapping[str, str]) -> str:
    """Read the media type of a request, in lower case and without parameters; empty when it names none."""
    return headers.get("content-type", "").split(";")[0].strip().lower()


def problem_response(refusal: Refusal) -> Response:
    """Answer with a problem document that names what is wrong and where."""
    document = {"type": "about:blank", "title": HTTPStatus(refusal.status).phrase, "status": refusal.status}
    document |= {"detail": str(refusal)}
    document |= {"where": refusal.where} if refusal.where else {}
    document |= {"hint": refusal.hint} if refusal.hint else {}
    return Response(json.dumps(document), refusal.status, _headers(refusal), PROBLEM_TYPE)


def status_response(refusal: Refusal, media_type: str) -> Response:
    """Answer with a google.rpc.Status in the encoding of the request."""
    status = rpc_status(refusal)
    if media_type == JSON_TYPE:
        return Response(json_format.MessageToJson(status, indent=None), refusal.status, _headers(refusal), JSON_TYPE)
    return Response(status.SerializeToString(), refusal.status, _headers(refusal), PROTOBUF_TYPE)


def rpc_status(refusal: Refusal) -> "status_pb2.Status":
    """Put a refusal into google.rpc.Status, with the detail its kind asks for."""
    status = status_pb2.Status(code=_RPC_CODES.get(refusal.status, 2), message=str(refusal))
    if refusal.status == HTTPStatus.BAD_REQUEST:
        violation = error_details_pb2.BadRequest.FieldViolation(field=refusal.where, description=str(refusal))
        status.details.add().Pack(error_details_pb2.BadRequest(field_violations=[violation]))
    if refusal.retry_after_s is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.seconds = refusal.retry_after_s
        status.details.add().Pack(retry)
    return status


def _headers(refusal: Refusal) -> dict[str, str]:
    headers = {} if refusal.retry_after_s is None else {"retry-after": str(refusal.retry_after_s)}
    if refusal.closes:
        headers["connection"] = "close"
    if refusal.status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["allow"] = "POST"
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = 'Bearer realm="billtrail"'
    return headers
