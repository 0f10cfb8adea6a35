-- Question: which lifecycles hold events of this correlation id or trace, or the event with this id?
-- Parameters: id String. Columns: lifecycle_id. Cost: one pass over the ids of lifecycle_event_rows.
SELECT DISTINCT lifecycle_id
FROM lifecycle_events
WHERE correlation_id = {id:String} OR trace_id = lower({id:String}) OR event_id = {id:String}
ORDER BY lifecycle_id
