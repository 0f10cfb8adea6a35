-- Every span, once, without loss. Grain: one span. Sorted for the queries by service, name and time; ids are bytes.
CREATE TABLE span_records
(
    `Timestamp` DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `TraceId` FixedString(16) CODEC(ZSTD(1)),
    `SpanId` FixedString(8) CODEC(ZSTD(1)),
    `ParentSpanId` FixedString(8) CODEC(ZSTD(1)),
    `TraceState` String CODEC(ZSTD(1)),
    `Flags` UInt32 CODEC(ZSTD(1)),
    `SpanName` LowCardinality(String),
    `SpanKind` Int8,
    `ServiceName` LowCardinality(String),
    `Duration` UInt64 COMMENT 'ns' CODEC(ZSTD(1)),
    `StatusCode` Int8,
    `StatusMessage` String CODEC(ZSTD(1)),
    `SpanAttributes` Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    `ResourceAttributes` Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    `ScopeName` LowCardinality(String),
    `ScopeVersion` LowCardinality(String),
    `ScopeAttributes` Map(LowCardinality(String), String) CODEC(ZSTD(1)),
    `ResourceSchemaUrl` LowCardinality(String),
    `ScopeSchemaUrl` LowCardinality(String),
    `ResourceDroppedAttrCount` UInt32 COMMENT 'what the sender left out, as are all dropped counts' CODEC(ZSTD(1)),
    `ScopeDroppedAttrCount` UInt32 CODEC(ZSTD(1)),
    `DroppedAttrCount` UInt32 CODEC(ZSTD(1)),
    `DroppedEventsCount` UInt32 CODEC(ZSTD(1)),
    `DroppedLinksCount` UInt32 CODEC(ZSTD(1)),
    `Events.Timestamp` Array(DateTime64(9, 'UTC')) CODEC(ZSTD(1)),
    `Events.Name` Array(LowCardinality(String)) CODEC(ZSTD(1)),
    `Events.Attributes` Array(Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
    `Events.DroppedAttrCount` Array(UInt32) CODEC(ZSTD(1)),
    `Links.TraceId` Array(FixedString(16)) CODEC(ZSTD(1)),
    `Links.SpanId` Array(FixedString(8)) CODEC(ZSTD(1)),
    `Links.TraceState` Array(String) CODEC(ZSTD(1)),
    `Links.Attributes` Array(Map(LowCardinality(String), String)) CODEC(ZSTD(1)),
    `Links.DroppedAttrCount` Array(UInt32) CODEC(ZSTD(1)),
    `Links.Flags` Array(UInt32) CODEC(ZSTD(1)),
    `correlation_id` String CODEC(ZSTD(1)),
    `system` LowCardinality(String),
    `source` LowCardinality(String),
    `received_at` DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `segment` UInt64 CODEC(Delta(8), ZSTD(1)),
    INDEX trace_id TraceId TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = MergeTree
PARTITION BY toYYYYMM(Timestamp)
ORDER BY (ServiceName, SpanName, Timestamp)
SETTINGS min_bytes_for_wide_part = 268435456, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
