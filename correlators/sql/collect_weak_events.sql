-- Question: what do the events without objects say that share a run with the step's? Parameters: upto UInt64.
-- Cost: those events.
INSERT INTO scratch_events
WITH
    o -> concat(o.system, ':', o.object_type, ':', o.id) AS key_of,
    key -> splitByChar(':', key)[2] AS type_of
SELECT
    true, cityHash64(source, event_id) AS event, cityHash64(event_type, system, objects.object_type, objects.qualifier, arrayMap(l -> (type_of(l.from_key), type_of(l.to_key), l.qualifier), links)),
    arrayMap(k -> cityHash64(k), arrayConcat(arrayMap(o -> key_of(o), objects), arrayFlatten(arrayMap(l -> [l.from_key, l.to_key], links)))),
    multiIf(empty(objects), '', has(objects.qualifier, 'subject'), key_of(arrayFirst(o -> o.qualifier = 'subject', objects)), key_of(objects[1])),
    source, event_id, event_type, system, occurred_at, outcome, error_category, correlation_id, trace_id, objects, links, lines,
    amount, currency, client, region, legal_entity, billing_model, owner, attributes, takes_amount AND amount = 0
FROM event_versions FINAL
WHERE (source, event_id) IN (SELECT source, event_id FROM weak_events WHERE run IN (SELECT run FROM scratch_runs))
  AND segment <= {upto:UInt64} AND NOT is_withdrawn AND event NOT IN (SELECT event FROM scratch_events)
