-- What the detectors found. Grain: one finding of one detector about one subject.
CREATE TABLE finding_rows {{on_cluster}}
(
    detector      LowCardinality(String),
    subject_key   String CODEC(ZSTD(1)),
    lifecycle_id  String CODEC(ZSTD(1)),
    severity      LowCardinality(String) COMMENT 'critical, warning or info',
    amount        Decimal(18, 2),
    currency      LowCardinality(String),
    owner         String,
    runbook       String,
    evidence      String CODEC(ZSTD(1)) COMMENT 'one sentence with the ids',
    first_seen_at DateTime64(3, 'UTC'),
    resolved_at   Nullable(DateTime64(3, 'UTC')),
    version       UInt64
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (detector, lifecycle_id, subject_key)
