-- Every verdict on every clock and when it became known: nothing is overwritten. Grain: one verdict.
CREATE TABLE clock_verdicts
(
    `sla` LowCardinality(String),
    `lifecycle_id` String CODEC(ZSTD(1)),
    `subject_key` String CODEC(ZSTD(1)),
    `known_at` DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `state` LowCardinality(String) COMMENT 'running at_risk breached met missed paused cancelled unknown',
    `reason` LowCardinality(String) COMMENT 'why this state',
    `calendar` LowCardinality(String),
    `started_at` DateTime64(3, 'UTC'),
    `at_risk_at` DateTime64(3, 'UTC'),
    `at_risk_by` LowCardinality(String) COMMENT 'what sets at_risk_at: time_used or history',
    `due_at` DateTime64(3, 'UTC'),
    `stopped_at` Nullable(DateTime64(3, 'UTC')),
    `elapsed_business_ms` Int64 COMMENT 'up to the stop, or to known_at',
    `paused_ms` Int64,
    `value_at_risk` Decimal(18, 2),
    `currency` LowCardinality(String),
    `owner` String,
    `client` LowCardinality(String),
    `region` LowCardinality(String),
    `legal_entity` LowCardinality(String),
    `billing_model` LowCardinality(String),
    INDEX known known_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
ORDER BY (lifecycle_id, sla, subject_key, known_at)
