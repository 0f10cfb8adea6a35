-- Public view: every object ever named. What a log says of itself (`billtrail.log`, see collector/imports) is no object.
CREATE VIEW objects
(
    `object_key` String,
    `object_type` LowCardinality(String),
    `system` LowCardinality(String),
    `id` String,
    `cluster_key` String,
    `first_seen` DateTime64(3, 'UTC'),
    `attributes` Map(LowCardinality(String), String),
    `lifecycle_ids` Array(String),
    `shown_in` Array(String)
)
AS SELECT
    object_key,
    object_type,
    system,
    id,
    cluster_key,
    first_seen,
    attributes,
    lifecycle_ids,
    shown_in
FROM object_rows
FINAL
WHERE object_type != 'billtrail.log'
