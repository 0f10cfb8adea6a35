-- Question: when did each subject reach each of its milestones, how often was it tried, and what is it worth?
-- Grain: one milestone of one subject in one lifecycle. Cost: the step's events.
INSERT INTO scratch_milestones
SELECT
    r.lifecycle_id, r.milestone, r.subject_key, any(r.object_type),
    countIf(e.outcome != 'failure') > 0 ? minIf(e.occurred_at, e.outcome != 'failure') : min(e.occurred_at) AS reached_at,
    maxIf(e.occurred_at, e.outcome != 'failure') AS last_at,
    countIf(e.outcome != 'failure') > 0 ? 'success' : 'failure' AS outcome,
    count() AS attempts,
    tupleElement(min((e.outcome = 'failure', e.occurred_at, e.source, e.event_id, e.system)) AS first, 3),
    tupleElement(first, 4),
    tupleElement(first, 5),
    argMaxIf(a.amount, (e.occurred_at, e.source, e.event_id), e.outcome != 'failure') AS amount,
    argMaxIf(e.currency, (e.occurred_at, e.source, e.event_id), e.outcome != 'failure') AS currency,
    any(r.position), any(r.measure), any(r.is_end)
FROM scratch_reached AS r
INNER JOIN scratch_events AS e ON e.lifecycle_id = r.lifecycle_id AND e.source = r.source AND e.event_id = r.event_id
LEFT JOIN scratch_amounts AS a ON a.lifecycle_id = r.lifecycle_id AND a.source = r.source AND a.event_id = r.event_id
GROUP BY r.lifecycle_id, r.milestone, r.subject_key
