-- Public view: every object ever named.
CREATE VIEW objects {{on_cluster}} AS
SELECT object_key, object_type, system, id, cluster_key, first_seen, attributes, lifecycle_ids, shown_in
FROM object_rows FINAL
