-- Question: what are the events of the rewritten lifecycles, and what did each reach?
-- Grain: one event in one lifecycle. Cost: the step's events.
INSERT INTO scratch_lifecycle_events
SELECT
    e.lifecycle_id, e.occurred_at, e.source, e.event_id, e.event_type, e.system, e.subject_key, r.milestone, e.outcome,
    e.error_category, a.amount, e.currency, e.confidence, e.correlation_id, e.trace_id, 0, 0
FROM scratch_events AS e
LEFT JOIN scratch_amounts AS a ON a.lifecycle_id = e.lifecycle_id AND a.source = e.source AND a.event_id = e.event_id
LEFT JOIN
(
    SELECT lifecycle_id, source, event_id, argMin(milestone, position) AS milestone
    FROM scratch_reached GROUP BY lifecycle_id, source, event_id
) AS r ON r.lifecycle_id = e.lifecycle_id AND r.source = e.source AND r.event_id = e.event_id
WHERE e.is_rewritten
