"""What a reader may do: the settings that may be changed, the statements, the table functions.

`readonly = 1` of the embedded engine is not enough by itself. Seen with chDB 26.9: it lets `file('/path')` and
`arrayMap(file, …)` read any file, `DESCRIBE s3(…)` open connections, `KILL QUERY` end the platform's own statements,
and `INTO OUTFILE` write. Hence lists of what is allowed; only scalar functions, being so many, are listed by what is
not.
"""

import re


def _words(text: str) -> frozenset[str]:
    """Read a list of names parted by blanks."""
    return frozenset(text.split())


STATEMENTS = frozenset({"SELECT", "WITH", "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS"})

# Table functions that read nothing but the engine's own tables, or make rows out of nothing.
TABLE_FUNCTIONS = _words(
    """
    format generaterandom generateseries generate_series merge null numbers numbers_mt primes values view
    viewexplain viewifpermitted zeros zeros_mt
    """
)

# Refused wherever they stand as a name, because a function's name may be an argument: `arrayMap(file, …)`.
REFUSED_NAMES = _words(
    """
    file stack_trace aiclassify aiembed aiextract aifilter aigenerate airedact aisimilarity aitranslate
    """
)

# Parameters of ClickHouse's HTTP interface that are no settings. Those not acted upon are accepted and have no effect.
TRANSPORT_NAMES = _words(
    """
    add_http_cors_header buffer_size cancel_http_readonly_queries_on_client_close client_protocol_version
    compress database decompress default_format enable_http_compression http_headers_progress_interval_ms
    http_zlib_compression_level log_comment log_queries password query query_id quota_key role
    send_progress_in_http_headers session_check session_id session_timeout user wait_end_of_query
    """
)

_SETTINGS = _words(
    """
    cast_keep_nullable date_time_output_format empty_result_for_aggregation_by_empty_set extremes final
    group_by_overflow_mode group_by_use_nulls join_use_nulls max_block_size max_bytes_to_read
    max_execution_time max_memory_usage max_result_bytes max_result_rows max_rows_to_group_by max_rows_to_read
    max_threads read_overflow_mode result_overflow_mode session_timezone timeout_overflow_mode totals_mode
    union_default_mode use_client_time_zone
    """
)
_OUTPUT = re.compile(r"output_format_[a-z0-9_]+")

# The same rule in SQL: what `system.settings` must say for a client that asks what it may change.
CHANGEABLE_SETTING = (
    f"name IN ({', '.join(repr(name) for name in sorted(_SETTINGS | TRANSPORT_NAMES))})"
    " OR startsWith(name, 'output_format_')"
)


def is_changeable(name: str) -> bool:
    """Tell whether a reader may change a setting."""
    return name in _SETTINGS or _OUTPUT.fullmatch(name) is not None
