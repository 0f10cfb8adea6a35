-- Question: which lifecycles hold the objects that a declaration names? Cost: those objects.
INSERT INTO scratch_affected
SELECT DISTINCT arrayJoin(arrayConcat(lifecycle_ids, shown_in)), 0 FROM scratch_found WHERE is_gluing
