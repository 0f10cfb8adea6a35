"""A refused or failed query in ClickHouse's shape: code, text, HTTP status.

The text is the engine's own; nothing is hidden, because whoever may query may read everything here.
"""

import re

# Error codes: ClickHouse, src/Common/ErrorCodes.cpp. Statuses: src/Server/HTTP/exceptionCodeToHTTPStatus.cpp,
# but for READONLY and ACCESS_DENIED, which are 500 there and say 403 here.
SYNTAX_ERROR = 62
CANNOT_PARSE_NUMBER = 72
READONLY = 164
UNKNOWN_SETTING = 115
TOO_MANY_QUERIES = 202
AUTHENTICATION_FAILED = 516
REQUIRED_PASSWORD = 194
UNKNOWN_EXCEPTION = 1002

_NAMES = {
    SYNTAX_ERROR: "SYNTAX_ERROR",
    CANNOT_PARSE_NUMBER: "CANNOT_PARSE_NUMBER",
    READONLY: "READONLY",
    UNKNOWN_SETTING: "UNKNOWN_SETTING",
    TOO_MANY_QUERIES: "TOO_MANY_SIMULTANEOUS_QUERIES",
    AUTHENTICATION_FAILED: "AUTHENTICATION_FAILED",
    REQUIRED_PASSWORD: "REQUIRED_PASSWORD",
}
_STATUS = {
    **dict.fromkeys((194,), 401),
    **dict.fromkeys((164, 192, 193, 291, 497, 516), 403),
    **dict.fromkeys((6, 26, 27, 36, 38, 41, 42, 43, 53, 62, 69, 70, 72, 117, 130, 131, 321, 386, 436, 456, 457), 400),
    **dict.fromkeys((16, 46, 47, 50, 56, 60, 63, 73, 81, 115, 117), 404),
    **dict.fromkeys((48,), 501),
    **dict.fromkeys((202, 209, 439), 503),
}
_CODE = re.compile(r"Code:\s*(\d+)\.")
_REPEATED = re.compile(r"^(?:Code: \d+\. DB::Exception: )+(?=Code: \d+\. DB::Exception: )")


class QueryRefused(Exception):
    """A query that is not answered. `text` is one paragraph that ends in the error's name."""

    def __init__(self, code: int, message: str) -> None:
        name = _NAMES.get(code)
        self.code = code
        self.text = f"Code: {code}. DB::Exception: {message} ({name})" if name else message
        super().__init__(self.text)

    @property
    def status(self) -> int:
        return _STATUS.get(self.code, 500)


def from_engine(error: Exception) -> QueryRefused:
    """Read what the engine complained about."""
    text = str(error).strip()
    start = text.find("Code: ")
    text = _REPEATED.sub("", text[start:]) if start >= 0 else text
    match = _CODE.match(text)
    refused = QueryRefused(int(match.group(1)) if match else UNKNOWN_EXCEPTION, "")
    refused.text = text or f"Code: {UNKNOWN_EXCEPTION}. DB::Exception: {type(error).__name__} (UNKNOWN_EXCEPTION)"
    return refused
