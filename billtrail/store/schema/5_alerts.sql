-- Public view: alerts.
CREATE VIEW alerts
(
    `alert_id` String,
    `fingerprint` String,
    `name` LowCardinality(String),
    `severity` LowCardinality(String),
    `state` LowCardinality(String),
    `reason` LowCardinality(String),
    `subject` String,
    `lifecycle_id` String,
    `summary` String,
    `labels` Map(LowCardinality(String), String),
    `owner` String,
    `runbook` String,
    `value_at_risk` Decimal(18, 2),
    `currency` LowCardinality(String),
    `started_at` DateTime64(3, 'UTC'),
    `acknowledged_by` String,
    `assigned_to` String,
    `resolved_at` Nullable(DateTime64(3, 'UTC'))
)
AS SELECT * EXCEPT version
FROM alert_rows
FINAL
