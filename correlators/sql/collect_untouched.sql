-- Question: which lifecycles hold an object of the step, are not affected, and gain nothing? Cost: the objects of the step.
INSERT INTO scratch_untouched
SELECT DISTINCT cityHash64(arrayJoin(arrayConcat(old_lifecycles, old_shown)) AS other) FROM scratch_nodes
WHERE is_stored AND other NOT IN (SELECT lifecycle_id FROM scratch_affected) AND other NOT IN (SELECT lifecycle_id FROM scratch_grown)
