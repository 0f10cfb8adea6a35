"""How Python values become typed server parameters and quoted literals."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def bind_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """Render instants as UTC text with milliseconds, the rest as it is. Raises ValueError on a naive instant."""
    return {name: _bind(value) for name, value in params.items()}


def quote_text(text: str) -> str:
    """Quote a string as a ClickHouse literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _bind(value: Any) -> Any:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"naive instant {value}: expected an aware one")
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    return value
