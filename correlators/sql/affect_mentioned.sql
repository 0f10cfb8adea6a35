-- Question: which lifecycles hold the objects that something new names? Cost: the rows of those objects.
INSERT INTO scratch_affected
SELECT DISTINCT arrayJoin(arrayConcat(lifecycle_ids, shown_in)), 0 FROM object_rows FINAL
WHERE object_key IN (SELECT object_key FROM scratch_mentions WHERE is_gluing)
