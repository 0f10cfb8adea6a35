"""How a system says no: the same exception whether it is asked directly or over HTTP."""

from billtrail.model.vocabulary import ErrorCategory

_STATUS = {
    ErrorCategory.TIMEOUT: 504,
    ErrorCategory.RATE_LIMIT: 429,
    ErrorCategory.UNAVAILABLE: 503,
    ErrorCategory.NOT_FOUND: 404,
    ErrorCategory.VALIDATION: 422,
    ErrorCategory.DUPLICATE: 409,
}


class SystemFailure(Exception):
    """A system did not do what it was asked. Trying again helps when `is_transient`."""

    def __init__(self, system: str, category: ErrorCategory, message: str, retry_after_s: float = 0.0) -> None:
        super().__init__(f"{system}: {message}")
        self.system = system
        self.error_category = category
        self.message = message
        self.retry_after_s = retry_after_s

    @property
    def is_transient(self) -> bool:
        return self.error_category in (ErrorCategory.TIMEOUT, ErrorCategory.RATE_LIMIT, ErrorCategory.UNAVAILABLE)

    @property
    def status(self) -> int:
        """The HTTP status a service answers with. Time-outs are 504: the firm's systems stand behind gateways."""
        return _STATUS.get(self.error_category, 500)
