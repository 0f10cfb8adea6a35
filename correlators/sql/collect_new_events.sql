-- Question: which events came, each in its newest version? A version that a later segment replaces is left out: what was
-- written of it stays until that segment's turn.
-- Parameters: since, upto UInt64. Grain: one event. Cost: the events of the step.
INSERT INTO scratch_events
WITH
    o -> concat(o.system, ':', o.object_type, ':', o.id) AS key_of,
    key -> splitByChar(':', key)[2] AS type_of,
    revised AS
    (
        SELECT source, event_id, max(version) AS newest FROM event_versions
        WHERE revision > 0 AND segment > {since:UInt64} GROUP BY source, event_id
    )
SELECT
    true, cityHash64(source, event_id), cityHash64(event_type, system, objects.object_type, objects.qualifier, arrayMap(l -> (type_of(l.from_key), type_of(l.to_key), l.qualifier), links)),
    arrayMap(k -> cityHash64(k), arrayConcat(arrayMap(o -> key_of(o), objects), arrayFlatten(arrayMap(l -> [l.from_key, l.to_key], links)))),
    multiIf(empty(objects), '', has(objects.qualifier, 'subject'), key_of(arrayFirst(o -> o.qualifier = 'subject', objects)), key_of(objects[1])),
    source, event_id, event_type, system, occurred_at, outcome, error_category, correlation_id, trace_id, objects, links, lines,
    amount, currency, client, region, legal_entity, billing_model, owner, attributes, takes_amount AND amount = 0
FROM event_versions
WHERE segment > {since:UInt64} AND segment <= {upto:UInt64} AND NOT is_withdrawn
  AND ((source, event_id) NOT IN (SELECT source, event_id FROM revised)
       OR (source, event_id, version) IN (SELECT source, event_id, newest FROM revised))
