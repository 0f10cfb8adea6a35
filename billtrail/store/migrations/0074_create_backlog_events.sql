-- The events that wait to be correlated when they are more than one step takes, by what they hang together with. Empty otherwise.
-- Grain: one event.
CREATE TABLE backlog_events {{on_cluster}}
(
    label          UInt64 COMMENT 'the same for all that hangs together',
    segment        UInt64,
    is_new         Bool,
    event          UInt64,
    shape          UInt64,
    nodes          Array(UInt64),
    subject_key    String,
    source         LowCardinality(String),
    event_id       String,
    event_type     LowCardinality(String),
    system         LowCardinality(String),
    occurred_at    DateTime64(3, 'UTC'),
    outcome        LowCardinality(String),
    error_category LowCardinality(String),
    correlation_id String,
    trace_id       String,
    objects        Array(Tuple(object_type LowCardinality(String), system LowCardinality(String), id String, qualifier LowCardinality(String))),
    links          Array(Tuple(from_key String, to_key String, qualifier String)),
    lines          Array(Tuple(object_key String, amount Decimal(18, 2))),
    amount         Decimal(18, 2),
    currency       LowCardinality(String),
    client         LowCardinality(String),
    region         LowCardinality(String),
    legal_entity   LowCardinality(String),
    billing_model  LowCardinality(String),
    owner          LowCardinality(String),
    attributes     Map(LowCardinality(String), String),
    takes_amount   Bool
)
ENGINE = {{engine:MergeTree}}
ORDER BY (label, segment)
