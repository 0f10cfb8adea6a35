-- Question: which lifecycles hold events that are taken again, because a segment before theirs turned up late? What only grows
-- would count them twice. Cost: the index of event ids.
INSERT INTO scratch_affected
SELECT DISTINCT arrayJoin(lifecycle_ids), 0 FROM lifecycle_event_rows
WHERE event_id IN (SELECT event_id FROM scratch_events) AND (source, event_id) IN (SELECT source, event_id FROM scratch_events)
