-- Question: which lifecycles hold an object of the step and are not affected? Cost: the objects of the step.
INSERT INTO scratch_outside
SELECT DISTINCT cityHash64(arrayJoin(arrayConcat(old_lifecycles, old_shown)) AS other) FROM scratch_nodes
WHERE is_stored AND other NOT IN (SELECT lifecycle_id FROM scratch_affected)
