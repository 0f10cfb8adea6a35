-- How much of each error budget was left, whenever that changed. Grain: one statement on one budget.
CREATE TABLE sla_budget_rows {{on_cluster}}
(
    sla              LowCardinality(String),
    known_at         DateTime64(3, 'UTC'),
    starts_at        DateTime64(3, 'UTC') COMMENT 'of the window',
    ends_at          DateTime64(3, 'UTC') COMMENT 'of the window; a rolling one ends with known_at',
    target_ratio     Float64,
    state            LowCardinality(String) COMMENT 'within, spent, too_few or nothing_decided',
    promises         UInt64 COMMENT 'decided in the window',
    good             Float64 COMMENT 'promises, or slices of time',
    bad              Float64,
    allowed          Float64 COMMENT 'bad ones the target allows',
    attainment_ratio Nullable(Float64),
    likely_low       Float64 COMMENT 'Wilson interval of the attainment, 95 percent',
    likely_high      Float64,
    remaining_ratio  Float64 COMMENT '1 untouched, 0 spent, below 0 overdrawn'
)
ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (sla, known_at)
