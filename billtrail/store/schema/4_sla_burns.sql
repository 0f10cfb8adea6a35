-- Public view: which error budgets burn.
CREATE VIEW sla_burns
(
    `sla` LowCardinality(String),
    `long_ms` Int64,
    `short_ms` Int64,
    `known_at` DateTime64(3, 'UTC'),
    `severity` LowCardinality(String),
    `state` LowCardinality(String),
    `long_rate` Float64,
    `short_rate` Float64,
    `threshold` Float64,
    `promises` UInt64,
    `bad` Float64
)
AS SELECT *
FROM sla_burn_rows
FINAL
ORDER BY known_at DESC
LIMIT 1 BY
    sla,
    long_ms,
    short_ms
