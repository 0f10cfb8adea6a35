-- Public view: what a source may have said and nobody heard. Open while resolved_at is null.
CREATE VIEW source_gaps
(
    `source` LowCardinality(String),
    `stream` LowCardinality(String),
    `gap_id` String,
    `reason` LowCardinality(String),
    `record` String,
    `since` Nullable(DateTime64(3, 'UTC')),
    `until` Nullable(DateTime64(3, 'UTC')),
    `detail` String,
    `noticed_at` DateTime64(3, 'UTC'),
    `resolved_at` Nullable(DateTime64(3, 'UTC'))
)
AS SELECT
    source,
    stream,
    gap_id,
    reason,
    record,
    since,
    until,
    detail,
    noticed_at,
    resolved_at
FROM source_gap_rows
FINAL
