-- Question: which other lifecycles hold events of the affected ones? What such an event is worth in each depends on all.
INSERT INTO scratch_affected
SELECT DISTINCT arrayJoin(lifecycle_ids) AS other, 1 FROM scratch_stored
WHERE length(lifecycle_ids) > 1 AND other NOT IN (SELECT lifecycle_id FROM scratch_affected)
