"""Why a door turned a request away, before it is put into the words of the protocol (`problem.py`)."""

from billtrail.errors import PayloadError


class Refusal(PayloadError):
    """A request that is answered with `status`. `retry_after_s` is set when the same request may succeed later."""

    closes = False
    """Whether the connection ends with the answer, because nobody waits for the rest of the body."""

    def __init__(
        self, status: int, message: str, *, where: str = "", hint: str = "", retry_after_s: int | None = None
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.status = status
        self.retry_after_s = retry_after_s


def malformed(message: str, where: str = "") -> Refusal:
    """The body is not what the protocol says: sending it again does not help."""
    return Refusal(400, message, where=where)


def too_large(what: str, limit: int) -> Refusal:
    """More than a door takes at once."""
    return Refusal(413, f"{what} is larger than {limit}", hint="send less at once, or raise the limit")


def too_slow(seconds: float) -> Refusal:
    """The body did not come in. The next time it may: 408 would tell an OTLP sender to drop what it holds."""
    refusal = Refusal(503, f"the body took longer than {seconds:g} s", retry_after_s=5)
    refusal.closes = True
    return refusal


def too_fast(source: str, wait_s: int) -> Refusal:
    """The source has sent more than it may. Nothing was kept: it comes back later."""
    return Refusal(429, f"{source or 'this sender'} sends faster than it may", retry_after_s=max(1, wait_s))


def overloaded(message: str) -> Refusal:
    """The store is behind or the disk refuses: the sender keeps the records and comes back."""
    return Refusal(503, message, retry_after_s=5)
