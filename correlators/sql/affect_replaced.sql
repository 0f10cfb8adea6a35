-- Question: which lifecycles held what was corrected or withdrawn? Cost: the index of event ids.
INSERT INTO scratch_affected
SELECT DISTINCT arrayJoin(lifecycle_ids), 0 FROM lifecycle_event_rows
WHERE event_id IN (SELECT event_id FROM scratch_replaced) AND (source, event_id) IN (SELECT source, event_id FROM scratch_replaced)
