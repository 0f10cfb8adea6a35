-- Public view: every object ever named. What a log says of itself (`billtrail.log`, see collector/imports) is no object.
CREATE VIEW objects {{on_cluster}} AS
SELECT object_key, object_type, system, id, cluster_key, first_seen, attributes, lifecycle_ids, shown_in
FROM object_rows FINAL
WHERE object_type != 'billtrail.log'
