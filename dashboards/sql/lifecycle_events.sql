-- Question: what happened in this lifecycle, in order, with what the sender said about it?
-- Parameters: id String. Grain: one event. Cost: the events of one lifecycle.
SELECT
    l.occurred_at AS occurred_at, l.system AS system, l.event_type AS event_type, l.object_key AS object_key,
    l.milestone AS milestone, l.outcome AS outcome, l.error_category AS error_category, l.amount AS amount,
    l.currency AS currency, l.confidence AS confidence, l.correlation_id AS correlation_id, l.trace_id AS trace_id,
    l.source AS source, l.event_id AS event_id, e.attributes AS attributes
FROM (SELECT * FROM lifecycle_events WHERE lifecycle_id = {id:String} ORDER BY occurred_at DESC LIMIT 5000) AS l
LEFT JOIN
(
    SELECT source, event_id, attributes
    FROM events
    WHERE (source, event_id) IN (SELECT source, event_id FROM lifecycle_events WHERE lifecycle_id = {id:String})
) AS e ON e.source = l.source AND e.event_id = l.event_id
ORDER BY occurred_at, source, event_id
