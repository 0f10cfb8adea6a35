-- Public view: business events, each in its newest version, without withdrawn ones.
CREATE VIEW events
(
    `event_id` String,
    `source` LowCardinality(String),
    `system` LowCardinality(String),
    `event_type` LowCardinality(String),
    `occurred_at` DateTime64(3, 'UTC'),
    `received_at` DateTime64(3, 'UTC'),
    `correlation_id` String,
    `trace_id` String,
    `objects` Array(Tuple(
        object_type LowCardinality(String),
        system LowCardinality(String),
        id String,
        qualifier LowCardinality(String))),
    `amount` Decimal(18, 2),
    `currency` LowCardinality(String),
    `client` LowCardinality(String),
    `region` LowCardinality(String),
    `legal_entity` LowCardinality(String),
    `billing_model` LowCardinality(String),
    `attributes` Map(LowCardinality(String), String),
    `outcome` LowCardinality(String),
    `error_category` LowCardinality(String),
    `links` Array(Tuple(
        from_key String,
        to_key String,
        qualifier String)),
    `lines` Array(Tuple(
        object_key String,
        amount Decimal(18, 2))),
    `sequence` String,
    `segment` UInt64,
    `takes_amount` Bool
)
AS SELECT
    event_id,
    source,
    system,
    event_type,
    occurred_at,
    received_at,
    correlation_id,
    trace_id,
    objects,
    amount,
    currency,
    client,
    region,
    legal_entity,
    billing_model,
    attributes,
    outcome,
    error_category,
    links,
    lines,
    sequence,
    segment,
    takes_amount
FROM event_versions
FINAL
WHERE NOT is_withdrawn
