-- The lifecycles that a step of correlation is about to write: noted first, so that a step that was interrupted finds them
-- again whatever it had already changed. Grain: one lifecycle of one step.
CREATE TABLE pending_lifecycles {{on_cluster}}
(
    lifecycle_id String,
    version      UInt64
)
ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (version, lifecycle_id)
