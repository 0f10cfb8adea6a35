-- Public view: lifecycles, superseded ones included (they point to their successor).
CREATE VIEW lifecycles
(
    `lifecycle_id` String,
    `kind` LowCardinality(String),
    `root_key` String,
    `journey` LowCardinality(String),
    `client` LowCardinality(String),
    `region` LowCardinality(String),
    `legal_entity` LowCardinality(String),
    `billing_model` LowCardinality(String),
    `owner` LowCardinality(String),
    `currency` LowCardinality(String),
    `contract_value` Decimal(18, 2),
    `next_effective_at` Nullable(DateTime64(3, 'UTC')),
    `stage` LowCardinality(String),
    `state` LowCardinality(String),
    `started_at` DateTime64(3, 'UTC'),
    `last_event_at` DateTime64(3, 'UTC'),
    `milestones` Map(LowCardinality(String), DateTime64(3, 'UTC')),
    `milestone_states` Map(LowCardinality(String), LowCardinality(String)),
    `event_count` UInt32,
    `span_count` UInt32,
    `error_count` UInt32,
    `approved_amount` Decimal(18, 2),
    `invoiced_amount` Decimal(18, 2),
    `paid_amount` Decimal(18, 2),
    `unbilled_amount` Decimal(18, 2),
    `time_to_bill_ms` Nullable(Int64),
    `billings` Array(Tuple(
        invoice_key String,
        approved_at DateTime64(3, 'UTC'),
        issued_at DateTime64(3, 'UTC'),
        amount Decimal(18, 2))),
    `systems` Array(LowCardinality(String)),
    `object_count` UInt32,
    `superseded_by` String
)
AS SELECT * EXCEPT (failures, told_model, told_places, worths, failed, approvals, invoices, version, is_deleted)
FROM lifecycle_rows
FINAL
