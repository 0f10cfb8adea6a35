-- The hashes of the objects by which an event hangs together with others; references to a client or a worker are none.
    (SELECT groupUniqArray(toString(object_type)) FROM journey_types FINAL WHERE role != 'reference') AS gluing,
    (objects, links) -> arrayConcat(
        arrayMap(o -> cityHash64(key_of(o)), arrayFilter(o -> o.qualifier != 'reference' AND has(gluing, o.object_type), objects)),
        arrayMap(k -> cityHash64(k), arrayFilter(k -> has(gluing, type_of(k)), arrayFlatten(arrayMap(l -> l.qualifier = 'reference' ? [] : [l.from_key, l.to_key], links))))
    ) AS gluing_nodes
