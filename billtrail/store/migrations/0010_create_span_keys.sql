-- Which spans name a key: an object, a correlation id or a trace. Grain: one key of one span.
CREATE TABLE span_keys {{on_cluster}}
(
    key            String COMMENT 'system:type:id, correlation_id::x or trace::x',
    trace_id       String,
    span_id        String,
    object_keys    Array(String) COMMENT 'of a correlation id or a trace: the objects the span names',
    is_error       Bool,
    error_category LowCardinality(String),
    version        UInt64
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (key, trace_id, span_id)
