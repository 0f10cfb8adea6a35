-- Keeps the newest verdict of every clock at hand as verdicts are written.
CREATE MATERIALIZED VIEW clock_rows_from_verdicts TO clock_rows
(
    `sla` LowCardinality(String),
    `lifecycle_id` String,
    `subject_key` String,
    `known_at` DateTime64(3, 'UTC'),
    `state` LowCardinality(String),
    `reason` LowCardinality(String),
    `calendar` LowCardinality(String),
    `started_at` DateTime64(3, 'UTC'),
    `at_risk_at` DateTime64(3, 'UTC'),
    `at_risk_by` LowCardinality(String),
    `due_at` DateTime64(3, 'UTC'),
    `stopped_at` Nullable(DateTime64(3, 'UTC')),
    `elapsed_business_ms` Int64,
    `paused_ms` Int64,
    `value_at_risk` Decimal(18, 2),
    `currency` LowCardinality(String),
    `owner` String,
    `client` LowCardinality(String),
    `region` LowCardinality(String),
    `legal_entity` LowCardinality(String),
    `billing_model` LowCardinality(String)
)
AS SELECT *
FROM clock_verdicts
