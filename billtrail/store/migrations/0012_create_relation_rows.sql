-- Object-to-object relations that events prove, each with its earliest proof. Grain: one relation by one rule.
CREATE TABLE relation_rows {{on_cluster}}
(
    from_key    String,
    to_key      String,
    kind        LowCardinality(String) COMMENT 'same_as, part_of, originates_from, reference',
    qualifier   LowCardinality(String),
    rule        LowCardinality(String),
    source      LowCardinality(String),
    event_id    String,
    occurred_at DateTime64(3, 'UTC') CODEC(Delta, LZ4),
    version     UInt64 CODEC(Delta, LZ4),
    is_deleted  UInt8,
    INDEX wholes to_key TYPE bloom_filter(0.001) GRANULARITY 4
)
ENGINE = {{engine:ReplacingMergeTree(version, is_deleted)}}
ORDER BY (from_key, kind, to_key, qualifier, rule)
SETTINGS index_granularity = 128
