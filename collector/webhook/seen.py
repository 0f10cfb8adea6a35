"""Signatures that were let in, remembered as long as they could be used again. For one event loop."""

_MOST = 200_000


class Seen:
    """Remembers for `seconds`. Of too many the oldest are forgotten first: they are the first to go stale."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._at: dict[str, float] = {}

    def admit(self, signature: str, now_s: float) -> bool:
        """Tell whether a genuine signature comes for the first time, and remember it."""
        while self._at:
            oldest, at = next(iter(self._at.items()))
            if now_s - at <= self._seconds and len(self._at) < _MOST:
                break
            del self._at[oldest]
        if signature in self._at:
            return False
        self._at[signature] = now_s
        return True

    def forget(self, signature: str) -> None:
        """Take a signature back, because what it signed could not be kept."""
        self._at.pop(signature, None)
