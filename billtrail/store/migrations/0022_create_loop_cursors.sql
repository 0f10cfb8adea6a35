-- How far each loop got. Grain: one cursor. Written after the work, so a repeat is harmless.
CREATE TABLE loop_cursors {{on_cluster}}
(
    loop     LowCardinality(String),
    stream   LowCardinality(String),
    position UInt64,
    at       DateTime64(3, 'UTC')
)
ENGINE = {{engine:ReplacingMergeTree(at)}}
ORDER BY (loop, stream)
