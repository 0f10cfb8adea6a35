-- Canonical business events, newest version winning. Grain: one version of (source, event_id).
CREATE TABLE event_versions
(
    `source` LowCardinality(String),
    `event_id` String,
    `system` LowCardinality(String),
    `event_type` LowCardinality(String),
    `occurred_at` DateTime64(3, 'UTC') CODEC(Delta(8), LZ4),
    `received_at` DateTime64(3, 'UTC') CODEC(Delta(8), LZ4),
    `correlation_id` String,
    `trace_id` String COMMENT 'hex',
    `objects` Array(Tuple(
        object_type LowCardinality(String),
        system LowCardinality(String),
        id String,
        qualifier LowCardinality(String))),
    `links` Array(Tuple(
        from_key String,
        to_key String,
        qualifier String)) COMMENT 'object to object, as declared by the sender',
    `lines` Array(Tuple(
        object_key String,
        amount Decimal(18, 2))),
    `amount` Decimal(18, 2),
    `currency` LowCardinality(String),
    `client` LowCardinality(String),
    `region` LowCardinality(String),
    `legal_entity` LowCardinality(String),
    `billing_model` LowCardinality(String),
    `owner` LowCardinality(String),
    `outcome` LowCardinality(String) COMMENT 'success or failure',
    `error_category` LowCardinality(String),
    `attributes` Map(LowCardinality(String), String),
    `sequence` String,
    `content_hash` UInt64,
    `is_withdrawn` Bool,
    `revision` UInt32 COMMENT 'how many other versions of it came before; 0 for the first',
    `superseded` Array(UInt64) COMMENT 'content hashes this version replaced: come again, they are duplicates',
    `segment` UInt64 CODEC(Delta(8), LZ4),
    `key_hash` UInt32 MATERIALIZED toUInt32(cityHash64(source, event_id)) COMMENT 'finds events told before, whatever their ids look like',
    `mapped_by` LowCardinality(String) COMMENT 'the folder of its source, empty for what came as canonical event',
    `takes_amount` Bool MATERIALIZED (attributes['complete_from']) = 'object' COMMENT 'its amount is the one last told of its subject',
    `version` UInt64 MATERIALIZED segment + revision COMMENT 'orders two versions of one segment too',
    INDEX segments segment TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (source, event_id)
SETTINGS min_bytes_for_wide_part = 268435456, min_parts_to_merge_at_once = 10, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1
