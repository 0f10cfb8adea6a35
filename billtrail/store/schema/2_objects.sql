-- Public view: every object ever named.
CREATE VIEW objects
(
    `object_key` String,
    `object_type` LowCardinality(String),
    `system` LowCardinality(String),
    `id` String,
    `cluster_key` String,
    `first_seen` DateTime64(3, 'UTC'),
    `attributes` Map(LowCardinality(String), String)
)
AS SELECT
    object_key,
    object_type,
    system,
    id,
    cluster_key,
    first_seen,
    attributes
FROM object_rows
FINAL
