-- Public view: which events a lifecycle holds.
CREATE VIEW lifecycle_events
(
    `lifecycle_id` String,
    `occurred_at` DateTime64(3, 'UTC'),
    `source` LowCardinality(String),
    `event_id` String,
    `event_type` LowCardinality(String),
    `system` LowCardinality(String),
    `object_key` String,
    `milestone` LowCardinality(String),
    `outcome` LowCardinality(String),
    `error_category` LowCardinality(String),
    `amount` Decimal(18, 2),
    `currency` LowCardinality(String),
    `confidence` LowCardinality(String),
    `correlation_id` String,
    `trace_id` String
)
AS SELECT * EXCEPT (version, is_deleted)
FROM lifecycle_event_rows
FINAL
