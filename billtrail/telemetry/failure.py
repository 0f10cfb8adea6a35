"""Says what kind of failure an exception is, in the closed list the alerts and dashboards group by."""

from decimal import InvalidOperation

import httpx
from pydantic import ValidationError

from billtrail.errors import PayloadError
from billtrail.model.vocabulary import ErrorCategory

_BY_STATUS = {
    400: ErrorCategory.VALIDATION,
    401: ErrorCategory.AUTH,
    403: ErrorCategory.AUTH,
    404: ErrorCategory.NOT_FOUND,
    408: ErrorCategory.TIMEOUT,
    409: ErrorCategory.DUPLICATE,
    410: ErrorCategory.NOT_FOUND,
    422: ErrorCategory.VALIDATION,
    429: ErrorCategory.RATE_LIMIT,
    504: ErrorCategory.TIMEOUT,
}

_BY_CLASS: tuple[tuple[type[BaseException], ErrorCategory], ...] = (
    (httpx.TimeoutException, ErrorCategory.TIMEOUT),
    (TimeoutError, ErrorCategory.TIMEOUT),
    (httpx.TransportError, ErrorCategory.UNAVAILABLE),
    (ConnectionError, ErrorCategory.UNAVAILABLE),
    (ValidationError, ErrorCategory.VALIDATION),
    (PayloadError, ErrorCategory.VALIDATION),
    (InvalidOperation, ErrorCategory.VALIDATION),
    (LookupError, ErrorCategory.MAPPING),
    (ValueError, ErrorCategory.VALIDATION),
)


def classify(error: BaseException) -> ErrorCategory:
    """Name the category of an exception. An attribute `error_category` on the exception itself wins."""
    own = getattr(error, "error_category", None)
    if own in list(ErrorCategory):
        return ErrorCategory(own)
    if isinstance(error, httpx.HTTPStatusError):
        return classify_status(error.response.status_code)
    return next((category for kind, category in _BY_CLASS if isinstance(error, kind)), ErrorCategory.OTHER)


def classify_status(status: int) -> ErrorCategory:
    """Name the category of an HTTP answer of 400 and above."""
    return _BY_STATUS.get(status, ErrorCategory.UNAVAILABLE if status >= 500 else ErrorCategory.OTHER)
