-- How fast each budget burned, whenever an alert on it changed its mind. Grain: one statement on one alert.
CREATE TABLE sla_burn_rows
(
    `sla` LowCardinality(String),
    `long_ms` Int64 COMMENT 'the window that says it matters',
    `short_ms` Int64 COMMENT 'the window that says it goes on',
    `known_at` DateTime64(3, 'UTC'),
    `severity` LowCardinality(String),
    `state` LowCardinality(String) COMMENT 'burning, slow, no_longer or too_few',
    `long_rate` Float64 COMMENT '1: the budget lasts exactly its window',
    `short_rate` Float64,
    `threshold` Float64 COMMENT 'the rate from which it fires',
    `promises` UInt64 COMMENT 'decided in the long window',
    `bad` Float64
)
ENGINE = ReplacingMergeTree
ORDER BY (sla, long_ms, short_ms, known_at)
