-- Public view: which objects a lifecycle holds.
CREATE VIEW lifecycle_objects
(
    `object_key` String,
    `lifecycle_id` String,
    `cluster_key` String,
    `object_type` LowCardinality(String)
)
AS SELECT
    object_key,
    lifecycle_id,
    cluster_key,
    object_type
FROM lifecycle_object_rows
FINAL
