-- Public view: which objects a lifecycle holds.
CREATE VIEW lifecycle_objects {{on_cluster}} AS
SELECT object_key, lifecycle_id, cluster_key, object_type
FROM lifecycle_object_rows FINAL
