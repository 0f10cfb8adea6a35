-- Every span, once, without loss. Grain: one span. In the order of arrival, so that nothing is sorted or merged row by row; ids are bytes.
CREATE TABLE span_records {{on_cluster}}
(
    Timestamp          DateTime64(9, 'UTC') CODEC(Delta, LZ4),
    TraceId            FixedString(16),
    SpanId             FixedString(8),
    ParentSpanId       FixedString(8),
    TraceState         String,
    Flags              UInt32,
    SpanName           LowCardinality(String),
    SpanKind           Int8,
    ServiceName        LowCardinality(String),
    Duration           UInt64 COMMENT 'ns',
    StatusCode         Int8,
    StatusMessage      String,
    SpanAttributes     Map(LowCardinality(String), String),
    ResourceAttributes Map(LowCardinality(String), String),
    ScopeName          LowCardinality(String),
    ScopeVersion       LowCardinality(String),
    ScopeAttributes    Map(LowCardinality(String), String),
    ResourceSchemaUrl  LowCardinality(String),
    ScopeSchemaUrl     LowCardinality(String),
    ResourceDroppedAttrCount UInt32 COMMENT 'what the sender left out, as are all dropped counts',
    ScopeDroppedAttrCount    UInt32,
    DroppedAttrCount   UInt32,
    DroppedEventsCount UInt32,
    DroppedLinksCount  UInt32,
    `Events.Timestamp`  Array(DateTime64(9, 'UTC')),
    `Events.Name`       Array(LowCardinality(String)),
    `Events.Attributes` Array(Map(LowCardinality(String), String)),
    `Events.DroppedAttrCount` Array(UInt32),
    `Links.TraceId`     Array(FixedString(16)),
    `Links.SpanId`      Array(FixedString(8)),
    `Links.TraceState`  Array(String),
    `Links.Attributes`  Array(Map(LowCardinality(String), String)),
    `Links.DroppedAttrCount` Array(UInt32),
    `Links.Flags`       Array(UInt32),
    correlation_id     String,
    system             LowCardinality(String),
    source             LowCardinality(String),
    received_at        DateTime64(3, 'UTC') CODEC(Delta, LZ4),
    segment            UInt64 CODEC(Delta, LZ4),
    INDEX at Timestamp TYPE minmax GRANULARITY 1,
    INDEX trace_id TraceId TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = {{engine:MergeTree}}
PARTITION BY toYYYYMM(Timestamp)
ORDER BY segment
{{ttl}}
SETTINGS min_bytes_for_wide_part = 268435456, min_parts_to_merge_at_once = 50, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
