-- One row per lifecycle: what the contract is, how far it got, what it is worth. Grain: one lifecycle.
CREATE TABLE lifecycle_rows {{on_cluster}}
(
    lifecycle_id    String,
    kind            LowCardinality(String) COMMENT 'contract, opportunity or unrooted; the journey''s root type first',
    root_key        String,
    journey         LowCardinality(String),
    client          LowCardinality(String),
    region          LowCardinality(String),
    legal_entity    LowCardinality(String),
    billing_model   LowCardinality(String),
    owner           LowCardinality(String),
    currency        LowCardinality(String),
    contract_value  Decimal(18, 2) COMMENT 'as signed, or as the last approved amendment in effect says',
    next_effective_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when an amendment already known takes effect',
    stage           LowCardinality(String) COMMENT 'the furthest milestone done',
    state           LowCardinality(String) COMMENT 'open, done, cancelled, failed or superseded',
    started_at      DateTime64(3, 'UTC'),
    last_event_at   DateTime64(3, 'UTC'),
    milestones      Map(LowCardinality(String), DateTime64(3, 'UTC')) COMMENT 'when each was first done',
    milestone_states Map(LowCardinality(String), LowCardinality(String)),
    event_count     UInt32,
    span_count      UInt32,
    error_count     UInt32,
    approved_amount Decimal(18, 2),
    invoiced_amount Decimal(18, 2),
    paid_amount     Decimal(18, 2),
    unbilled_amount Decimal(18, 2) COMMENT 'approved and not invoiced, never below zero',
    time_to_bill_ms Nullable(Int64) COMMENT 'mean over the billings below',
    billings        Array(Tuple(invoice_key String, approved_at DateTime64(3, 'UTC'), issued_at DateTime64(3, 'UTC'), amount Decimal(18, 2))) COMMENT 'each invoice with the oldest approved work it could bill',
    systems         Array(LowCardinality(String)),
    object_count    UInt32,
    superseded_by   String,
    version         UInt64,
    is_deleted      UInt8
)
ENGINE = {{engine:ReplacingMergeTree(version, is_deleted)}}
ORDER BY (lifecycle_id)
SETTINGS index_granularity = 512
