"""What an engine's complaint means to us. Driver exceptions stop here."""

import re

from clickhouse_connect.driver.exceptions import ClickHouseError, OperationalError

from billtrail.errors import StoreError

# ClickHouse error codes (src/Common/ErrorCodes.cpp) after which the same statement may succeed later.
TRANSIENT_CODES = frozenset({159, 164, 202, 209, 210, 241, 242, 243, 252, 319, 394, 425, 999})
MEMORY_LIMIT = 241
_CODE = re.compile(r"Code:\s*(\d+)")


def as_store_error(error: ClickHouseError, sql: str, *, is_transient: bool = False) -> StoreError:
    """Turn a driver exception into a StoreError that names the statement by its first line."""
    text = str(error).strip()
    match = _CODE.search(text)
    code = int(match.group(1)) if match else 0
    first = next((line.strip() for line in sql.splitlines() if line.strip() and not line.startswith("--")), "")
    return StoreError(
        f"{text.splitlines()[0][:600] if text else type(error).__name__} (in: {first[:120]})",
        is_transient=is_transient or code in TRANSIENT_CODES or isinstance(error, OperationalError),
        needs_memory=code == MEMORY_LIMIT,
    )
