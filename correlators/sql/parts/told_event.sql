-- An event of event_versions as a step sees it, but for whether it is new: the columns of scratch_events in their order.
    cityHash64(source, event_id) AS event, cityHash64(event_type, system, objects.object_type, objects.qualifier, arrayMap(l -> (type_of(l.from_key), type_of(l.to_key), l.qualifier), links)) AS shape,
    arrayMap(k -> cityHash64(k), arrayConcat(arrayMap(o -> key_of(o), objects), arrayFlatten(arrayMap(l -> [l.from_key, l.to_key], links)))) AS nodes,
    multiIf(empty(objects), '', has(objects.qualifier, 'subject'), key_of(arrayFirst(o -> o.qualifier = 'subject', objects)), key_of(objects[1])) AS subject_key,
    source, event_id, event_type, system, occurred_at, outcome, error_category, correlation_id, trace_id, objects, links, lines,
    amount, currency, client, region, legal_entity, billing_model, owner, attributes, takes_amount AND amount = 0
