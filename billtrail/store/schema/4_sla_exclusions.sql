-- Stretches of time that count for no promise, with who said so and why. Grain: one exclusion.
CREATE TABLE sla_exclusions
(
    `exclusion` LowCardinality(String),
    `starts_at` DateTime64(3, 'UTC'),
    `ends_at` DateTime64(3, 'UTC'),
    `reason` String,
    `decided_by` String,
    `origin` LowCardinality(String) COMMENT 'file or command: who may take it back',
    `slas` Array(String) COMMENT 'empty: every SLA',
    `legal_entities` Array(String) COMMENT 'empty: every legal entity',
    `regions` Array(String) COMMENT 'empty: every region',
    `version` UInt64,
    `is_deleted` UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (exclusion)
