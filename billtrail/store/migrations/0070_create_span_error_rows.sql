-- The failed spans, with what they say of the failure by OpenTelemetry's semantic conventions, old names and new.
-- Grain: one failed span.
CREATE TABLE span_error_rows {{on_cluster}}
(
    trace_id          String CODEC(ZSTD(1)) COMMENT 'hex',
    span_id           String CODEC(ZSTD(1)) COMMENT 'hex',
    parent_span_id    String CODEC(ZSTD(1)) COMMENT 'hex, empty: none',
    started_at        DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
    system            LowCardinality(String),
    service           LowCardinality(String),
    name              LowCardinality(String),
    correlation_id    String CODEC(ZSTD(1)),
    object_keys       Array(String) CODEC(ZSTD(1)),
    told_category     LowCardinality(String) COMMENT 'billtrail.error_category',
    error_type        String CODEC(ZSTD(1)) COMMENT 'error.type',
    http_status       String CODEC(ZSTD(1)) COMMENT 'http.response.status_code, http.status_code',
    rpc_status        String CODEC(ZSTD(1)) COMMENT 'rpc.response.status_code, rpc.grpc.status_code',
    exception_type    String CODEC(ZSTD(1)) COMMENT 'of its last exception event',
    exception_message String CODEC(ZSTD(1)),
    message           String CODEC(ZSTD(1)) COMMENT 'of its status',
    segment           UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = {{engine:ReplacingMergeTree(segment)}}
ORDER BY (trace_id, span_id)
{{ttl}}
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
