-- Which lifecycles have an event of a run. A row may be out of date when events have moved: it is a hint where to look.
-- Grain: one run in one lifecycle.
CREATE TABLE run_lifecycles {{on_cluster}}
(
    run          UInt64 COMMENT 'cityHash64 of correlation_id::x or trace::x',
    lifecycle_id String
)
ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (run, lifecycle_id)
SETTINGS index_granularity = 512
