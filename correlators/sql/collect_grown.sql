-- Question: which stored lifecycles gain events and are not affected otherwise? Cost: the objects that something new names.
INSERT INTO scratch_grown
SELECT DISTINCT arrayJoin(lifecycle_ids) AS lifecycle_id FROM scratch_found WHERE is_gluing AND lifecycle_id NOT IN (SELECT lifecycle_id FROM scratch_affected)
