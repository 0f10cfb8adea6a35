-- Public view: when each source was last heard of.
CREATE VIEW source_health
(
    `source` LowCardinality(String),
    `system` String,
    `last_occurred_at` DateTime64(3, 'UTC'),
    `last_received_at` DateTime64(3, 'UTC'),
    `watermark` DateTime64(3, 'UTC'),
    `lag_ms` Int64,
    `state` String
)
AS SELECT
    source,
    argMax(e.system, e.received_at) AS system,
    max(e.occurred_at) AS last_occurred_at,
    max(e.received_at) AS last_received_at,
    last_occurred_at AS watermark,
    dateDiff('millisecond', last_received_at, now64(3, 'UTC')) AS lag_ms,
    if(lag_ms > 86400000, 'silent', 'live') AS state
FROM event_versions AS e
GROUP BY source
