-- Public view: when each object reached each of its checkpoints.
CREATE VIEW milestones
(
    `lifecycle_id` String,
    `milestone` LowCardinality(String),
    `subject_key` String,
    `object_type` LowCardinality(String),
    `reached_at` DateTime64(3, 'UTC'),
    `outcome` LowCardinality(String),
    `attempts` UInt32,
    `source` LowCardinality(String),
    `event_id` String,
    `system` LowCardinality(String),
    `amount` Decimal(18, 2),
    `currency` LowCardinality(String),
    `amount_place` UInt128
)
AS SELECT * EXCEPT (version, is_deleted)
FROM milestone_rows
FINAL
