-- One row per lifecycle: what the contract is, how far it got, what it is worth. Grain: one lifecycle.
CREATE TABLE lifecycle_rows
(
    `lifecycle_id` String,
    `kind` LowCardinality(String) COMMENT 'contract, opportunity or unrooted; the journey\'s root type first',
    `root_key` String,
    `journey` LowCardinality(String),
    `client` LowCardinality(String),
    `region` LowCardinality(String),
    `legal_entity` LowCardinality(String),
    `billing_model` LowCardinality(String),
    `owner` LowCardinality(String),
    `currency` LowCardinality(String),
    `contract_value` Decimal(18, 2) COMMENT 'as signed, or as the last approved amendment in effect says',
    `next_effective_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'when an amendment already known takes effect',
    `stage` LowCardinality(String) COMMENT 'the furthest milestone done',
    `state` LowCardinality(String) COMMENT 'open, done, cancelled, failed or superseded',
    `started_at` DateTime64(3, 'UTC'),
    `last_event_at` DateTime64(3, 'UTC'),
    `milestones` Map(LowCardinality(String), DateTime64(3, 'UTC')) COMMENT 'when each was first done',
    `milestone_states` Map(LowCardinality(String), LowCardinality(String)),
    `event_count` UInt32,
    `span_count` UInt32,
    `error_count` UInt32,
    `approved_amount` Decimal(18, 2),
    `invoiced_amount` Decimal(18, 2),
    `paid_amount` Decimal(18, 2),
    `unbilled_amount` Decimal(18, 2) COMMENT 'approved and not invoiced, never below zero',
    `time_to_bill_ms` Nullable(Int64) COMMENT 'mean over the billings below',
    `billings` Array(Tuple(
        invoice_key String,
        approved_at DateTime64(3, 'UTC'),
        issued_at DateTime64(3, 'UTC'),
        amount Decimal(18, 2))) COMMENT 'each invoice with the oldest approved work it could bill',
    `systems` Array(LowCardinality(String)),
    `object_count` UInt32,
    `superseded_by` String,
    `failures` UInt32 COMMENT 'events that failed; from here on what a step needs to add to the row',
    `told_model` LowCardinality(String) COMMENT 'the billing model that other events than those of the terms say',
    `told_places` Array(UInt128) COMMENT 'who says client, region, legal_entity, told_model, owner, currency: the last one counts',
    `worths` Array(Tuple(
        effective_at DateTime64(3, 'UTC'),
        occurred_at DateTime64(3, 'UTC'),
        event_id String,
        amount Decimal(18, 2),
        billing_model String)) COMMENT 'the signature and the approved amendments',
    `failed` Array(LowCardinality(String)) COMMENT 'milestones tried and never done',
    `approvals` Array(DateTime64(3, 'UTC')) COMMENT 'when work was approved, in order',
    `invoices` Array(Tuple(
        invoice_key String,
        issued_at DateTime64(3, 'UTC'),
        amount Decimal(18, 2))),
    `version` UInt64,
    `is_deleted` UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (lifecycle_id)
SETTINGS index_granularity = 32
