-- Public view: when each source was last heard of.
CREATE VIEW source_health {{on_cluster}} AS
SELECT
    source,
    argMax(e.system, e.received_at) AS system,
    max(e.occurred_at) AS last_occurred_at,
    max(e.received_at) AS last_received_at,
    last_occurred_at AS watermark,
    dateDiff('millisecond', last_received_at, now64(3, 'UTC')) AS lag_ms,
    if(lag_ms > 86400000, 'silent', 'live') AS state
FROM event_versions AS e
GROUP BY source
