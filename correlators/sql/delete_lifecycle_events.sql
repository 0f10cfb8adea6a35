-- Question: which events left a lifecycle? Parameters: version UInt64. Cost: the stored events of the step.
INSERT INTO lifecycle_event_rows
SELECT * REPLACE ({version:UInt64} AS version, 1 AS is_deleted) FROM scratch_stored
WHERE (cityHash64(lifecycle_id), cityHash64(source, event_id), occurred_at) NOT IN (SELECT lifecycle, event, occurred_at FROM scratch_rows)
