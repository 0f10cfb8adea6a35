-- Public view: what the detectors found.
CREATE VIEW findings
(
    `detector` LowCardinality(String),
    `lifecycle_id` String,
    `subject_key` String,
    `severity` LowCardinality(String),
    `amount` Decimal(18, 2),
    `currency` LowCardinality(String),
    `owner` String,
    `evidence` String,
    `runbook` String,
    `first_seen_at` DateTime64(3, 'UTC'),
    `resolved_at` Nullable(DateTime64(3, 'UTC'))
)
AS SELECT
    detector,
    lifecycle_id,
    subject_key,
    severity,
    amount,
    currency,
    owner,
    evidence,
    runbook,
    first_seen_at,
    resolved_at
FROM finding_rows
FINAL
