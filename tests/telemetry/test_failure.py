"""Failures fall into the closed list."""

import httpx
import pytest

from billtrail.model.vocabulary import ErrorCategory
from billtrail.telemetry import classify

REQUEST = httpx.Request("GET", "http://system.example/")


class MappingError(Exception):
    error_category = "mapping"


@pytest.mark.parametrize(
    ("status", "category"),
    [(400, "validation"), (401, "auth"), (404, "not_found"), (409, "duplicate"), (429, "rate_limit"), (504, "timeout"),
     (500, "unavailable"), (418, "other")],
)  # fmt: skip
def test_http_answers_are_classified(status: int, category: str) -> None:
    error = httpx.HTTPStatusError("", request=REQUEST, response=httpx.Response(status))
    assert classify(error) == ErrorCategory(category)


@pytest.mark.parametrize(
    ("error", "category"),
    [(httpx.ReadTimeout(""), "timeout"), (httpx.ConnectError(""), "unavailable"), (KeyError("x"), "mapping"),
     (ValueError("x"), "validation"), (MappingError(), "mapping"), (RuntimeError(), "other")],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)  # fmt: skip
def test_exceptions_are_classified(error: Exception, category: str) -> None:
    assert classify(error) == ErrorCategory(category)
