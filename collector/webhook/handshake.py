"""What some vendors want to hear before, or instead of, a plain 2xx.

Microsoft Graph, "Receive change notifications through webhooks": the decoded token as plain text, within ten seconds.
Event Grid, "Endpoint validation": the code of the validation event. Salesforce, "Outbound messaging": an `Ack`.
"""

import json

from starlette.responses import JSONResponse, PlainTextResponse, Response

from collector.webhook.knock import Knock

_LONGEST_TOKEN = 4096
_ACK = (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">'
    '<soapenv:Body><notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack>'
    "</notificationsResponse></soapenv:Body></soapenv:Envelope>"
)


def answer_validation(handshakes: tuple[str, ...], knock: Knock) -> Response | None:
    """Answer a validation anybody may ask for: it says nothing and keeps nothing. None: this is no such request."""
    token = knock.query.get("validationToken", "")
    if "graph" not in handshakes or not token or len(token) > _LONGEST_TOKEN:
        return None
    return PlainTextResponse(token, headers={"x-content-type-options": "nosniff", "cache-control": "no-store"})


def answer_subscription(handshakes: tuple[str, ...], knock: Knock) -> Response | None:
    """Answer the validation of a sender who has shown its secret."""
    if "event_grid" not in handshakes or knock.headers.get("aeg-event-type", "").lower() != "subscriptionvalidation":
        return None
    try:
        code = json.loads(knock.body)[0]["data"]["validationCode"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return None
    return JSONResponse({"validationResponse": code})


def answer_kept(handshakes: tuple[str, ...]) -> Response:
    """Say that everything is durable, in the words the vendor waits for."""
    if "soap_ack" in handshakes:
        return Response(_ACK, 200, media_type="text/xml; charset=utf-8")
    return Response(status_code=200)
