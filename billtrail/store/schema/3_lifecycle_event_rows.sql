-- Which events a lifecycle holds and what each reached, with all that is needed to place it anew. Grain: one event in one
-- lifecycle.
CREATE TABLE lifecycle_event_rows
(
    `lifecycle_id` String,
    `occurred_at` DateTime64(3, 'UTC') CODEC(Delta(8), LZ4),
    `source` LowCardinality(String),
    `event_id` String,
    `event_type` LowCardinality(String),
    `system` LowCardinality(String),
    `object_key` String COMMENT 'the subject',
    `milestone` LowCardinality(String) COMMENT 'empty: the event reaches none',
    `outcome` LowCardinality(String),
    `error_category` LowCardinality(String),
    `amount` Decimal(18, 2) COMMENT 'the part of the event\'s amount that belongs to this lifecycle',
    `currency` LowCardinality(String),
    `confidence` LowCardinality(String) COMMENT 'declared, correlation_id or trace: why the event is here',
    `correlation_id` String,
    `trace_id` String,
    `lifecycle_ids` Array(String) COMMENT 'all that hold the event, this one included',
    `objects` Array(Tuple(
        object_type LowCardinality(String),
        system LowCardinality(String),
        id String,
        qualifier LowCardinality(String))),
    `links` Array(Tuple(
        from_key String,
        to_key String,
        qualifier String)),
    `lines` Array(Tuple(
        object_key String,
        amount Decimal(18, 2))),
    `total` Decimal(18, 2) COMMENT 'the whole amount of the event',
    `total_in` LowCardinality(String) COMMENT 'and its currency, where the event states one',
    `client` LowCardinality(String),
    `region` LowCardinality(String),
    `legal_entity` LowCardinality(String),
    `billing_model` LowCardinality(String),
    `owner` LowCardinality(String),
    `attributes` Map(LowCardinality(String), String),
    `takes_amount` Bool COMMENT 'its amount is the one last told of its subject',
    `is_value` Bool COMMENT 'states what the contract is worth',
    `effective_at` DateTime64(3, 'UTC') COMMENT 'from when on, where it does' CODEC(Delta(8), LZ4),
    `version` UInt64 CODEC(Delta(8), LZ4),
    `is_deleted` UInt8,
    INDEX ties multiIf(confidence = 'trace', concat('trace::', trace_id), confidence = 'correlation_id', concat('correlation_id::', correlation_id), '') TYPE bloom_filter(0.001) GRANULARITY 4,
    INDEX events event_id TYPE bloom_filter(0.001) GRANULARITY 4
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (lifecycle_id, occurred_at, source, event_id)
SETTINGS index_granularity = 512
