-- Public view: when each source was last heard of.
CREATE VIEW source_health
(
    `source` LowCardinality(String),
    `system` String,
    `last_occurred_at` DateTime64(3, 'UTC'),
    `last_received_at` DateTime64(3, 'UTC'),
    `watermark` DateTime64(3, 'UTC'),
    `lag_ms` Int64,
    `state` String,
    `expected_ms` UInt64,
    `silent_at` DateTime64(3, 'UTC'),
    `silent_since` Nullable(DateTime64(3, 'UTC')),
    `events` UInt64,
    `ignored` UInt64,
    `rejected` UInt64,
    `open_gaps` UInt64
)
AS SELECT
    t.source AS source,
    t.system AS system,
    t.last_occurred_at AS last_occurred_at,
    t.last_received_at AS last_received_at,
    t.last_occurred_at AS watermark,
    dateDiff('millisecond', t.last_received_at, now64(3, 'UTC')) AS lag_ms,
    if(lag_ms > expected_ms, 'silent', 'live') AS state,
    if(x.expected_ms = 0, 86400000, x.expected_ms) AS expected_ms,
    t.last_received_at + toIntervalMillisecond(expected_ms) AS silent_at,
    if(state = 'silent', toNullable(silent_at), NULL) AS silent_since,
    t.events AS events,
    t.ignored AS ignored,
    t.rejected AS rejected,
    g.open_gaps AS open_gaps
FROM
(
    SELECT
        source,
        argMaxIf(system, received_at, system != '') AS system,
        max(occurred_at) AS last_occurred_at,
        max(received_at) AS last_received_at,
        sum(events) AS events,
        sum(ignored) AS ignored,
        sum(rejected) AS rejected
    FROM
    (
        SELECT
            source,
            system,
            occurred_at,
            received_at,
            toUInt64(revision = 0) AS events,
            0 AS ignored,
            0 AS rejected
        FROM event_versions
        UNION ALL
        SELECT
            source,
            system,
            toDateTime64(0, 3, 'UTC'),
            last_received_at,
            0,
            ignored,
            rejected
        FROM source_tallies
        FINAL
    )
    GROUP BY source
) AS t
LEFT JOIN
(
    SELECT
        source,
        expected_ms
    FROM source_expectations
    FINAL
) AS x ON x.source = t.source
LEFT JOIN
(
    SELECT
        concat('/', source) AS source,
        count() AS open_gaps
    FROM source_gaps
    WHERE isNull(resolved_at)
    GROUP BY source
) AS g ON g.source = t.source
