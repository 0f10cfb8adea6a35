-- Public view: what could not be used.
CREATE VIEW dead_letters
(
    `dead_letter_id` String,
    `door` LowCardinality(String),
    `source` LowCardinality(String),
    `reason` LowCardinality(String),
    `detail` String,
    `received_at` DateTime64(3, 'UTC'),
    `body` String,
    `replayed_at` Nullable(DateTime64(3, 'UTC'))
)
AS SELECT
    dead_letter_id,
    door,
    source,
    reason,
    detail,
    received_at,
    body,
    replayed_at
FROM dead_letter_rows
FINAL
