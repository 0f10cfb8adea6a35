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
    `trace_id` String,
    `objects` Array(Tuple(
        object_type LowCardinality(String),
        system LowCardinality(String),
        id String,
        qualifier LowCardinality(String)))
)
AS SELECT
    lifecycle_id,
    occurred_at,
    source,
    event_id,
    event_type,
    system,
    object_key,
    milestone,
    outcome,
    error_category,
    amount,
    currency,
    confidence,
    correlation_id,
    trace_id,
    objects
FROM lifecycle_event_rows
FINAL
