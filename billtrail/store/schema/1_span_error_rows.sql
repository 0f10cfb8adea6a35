-- The failed spans, with what they say of the failure by OpenTelemetry's semantic conventions, old names and new.
-- Grain: one failed span.
CREATE TABLE span_error_rows
(
    `trace_id` String COMMENT 'hex' CODEC(ZSTD(1)),
    `span_id` String COMMENT 'hex' CODEC(ZSTD(1)),
    `parent_span_id` String COMMENT 'hex, empty: none' CODEC(ZSTD(1)),
    `started_at` DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `system` LowCardinality(String),
    `service` LowCardinality(String),
    `name` LowCardinality(String),
    `correlation_id` String CODEC(ZSTD(1)),
    `object_keys` Array(String) CODEC(ZSTD(1)),
    `told_category` LowCardinality(String) COMMENT 'billtrail.error_category',
    `error_type` String COMMENT 'error.type' CODEC(ZSTD(1)),
    `http_status` String COMMENT 'http.response.status_code, http.status_code' CODEC(ZSTD(1)),
    `rpc_status` String COMMENT 'rpc.response.status_code, rpc.grpc.status_code' CODEC(ZSTD(1)),
    `exception_type` String COMMENT 'of its last exception event' CODEC(ZSTD(1)),
    `exception_message` String CODEC(ZSTD(1)),
    `message` String COMMENT 'of its status' CODEC(ZSTD(1)),
    `segment` UInt64 CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(segment)
ORDER BY (trace_id, span_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
