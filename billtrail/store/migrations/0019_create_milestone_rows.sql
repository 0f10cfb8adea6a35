-- When each object reached each of its checkpoints: what SLAs are judged on. Grain: one milestone of one subject in one lifecycle.
CREATE TABLE milestone_rows {{on_cluster}}
(
    lifecycle_id String,
    milestone    LowCardinality(String),
    subject_key  String COMMENT 'the cluster key of the object whose checkpoint it is',
    object_type  LowCardinality(String),
    reached_at   DateTime64(3, 'UTC') COMMENT 'first success; for a failed one the first failure',
    outcome      LowCardinality(String) COMMENT 'success, or failure while no success came',
    attempts     UInt32,
    source       LowCardinality(String),
    event_id     String,
    system       LowCardinality(String),
    amount       Decimal(18, 2),
    currency     LowCardinality(String),
    amount_place UInt128 COMMENT 'when the event came whose amount counts: the last success; 0 while there is none',
    version      UInt64,
    is_deleted   UInt8
)
ENGINE = {{engine:ReplacingMergeTree(version, is_deleted)}}
ORDER BY (lifecycle_id, milestone, subject_key)
SETTINGS index_granularity = 128
