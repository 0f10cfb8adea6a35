-- Question: what happened in this lifecycle, in order?
-- Parameters: lifecycle_id String. Grain: one event. Cost: one key of lifecycle_event_rows.
SELECT occurred_at, system, event_type, object_key, milestone, outcome, error_category, amount, currency, confidence, event_id
FROM lifecycle_events
WHERE lifecycle_id = {lifecycle_id:String}
ORDER BY occurred_at, source, event_id
