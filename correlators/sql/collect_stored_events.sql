-- Question: which events do the affected lifecycles hold beside the new ones? Grain: one event. Cost: those events.
INSERT INTO scratch_events
WITH
    {{part keys}}
SELECT
    false, cityHash64(source, event_id) AS event, cityHash64(event_type, system, objects.object_type, objects.qualifier, arrayMap(l -> (type_of(l.from_key), type_of(l.to_key), l.qualifier), links)),
    arrayMap(k -> cityHash64(k), arrayConcat(arrayMap(o -> key_of(o), objects), arrayFlatten(arrayMap(l -> [l.from_key, l.to_key], links)))), object_key,
    source, event_id, event_type, system, occurred_at, outcome, error_category, correlation_id, trace_id, objects, links, lines,
    total, total_in, client, region, legal_entity, billing_model, owner, attributes, takes_amount
FROM scratch_stored
WHERE event NOT IN (SELECT event FROM scratch_events) AND (source, event_id) NOT IN (SELECT source, event_id FROM scratch_replaced)
LIMIT 1 BY event
