-- What people did, by whom and why. Grain: one action. Never rebuilt, never changed.
CREATE TABLE audit_log {{on_cluster}}
(
    at     DateTime64(3, 'UTC'),
    actor  String,
    role   LowCardinality(String),
    action LowCardinality(String),
    target String,
    reason String,
    details String COMMENT 'JSON'
)
ENGINE = {{engine:MergeTree}}
ORDER BY (at, actor)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
