-- Question: what do the events of the lifecycles say?
-- Parameters: is_weak Bool (which of the found ids). Grain: one event in one lifecycle. Cost: those events.
INSERT INTO scratch_events
SELECT
    i.lifecycle_id, i.is_rewritten, i.confidence, e.source, e.event_id, e.event_type, e.system, e.occurred_at, e.outcome,
    e.error_category, e.correlation_id, e.trace_id,
    empty(e.marked) ? (empty(e.named) ? '' : e.named[1]) : e.marked[1] AS subject_key,
    e.named, e.lines, e.amount, e.currency, e.client, e.region, e.legal_entity, e.billing_model, e.owner, e.attributes
FROM scratch_event_ids AS i
INNER JOIN
(
    SELECT
        *,
        arrayMap(o -> concat(o.system, ':', o.object_type, ':', o.id), objects) AS named,
        arrayMap(o -> concat(o.system, ':', o.object_type, ':', o.id), arrayFilter(o -> o.qualifier = 'subject', objects)) AS marked
    FROM event_versions FINAL
    WHERE NOT is_withdrawn AND (source, event_id) IN (SELECT source, event_id FROM scratch_event_ids)
) AS e ON e.source = i.source AND e.event_id = i.event_id
WHERE (i.confidence != 'declared') = {is_weak:Bool}
