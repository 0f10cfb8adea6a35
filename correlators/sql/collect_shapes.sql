-- Question: what does each shape of an event mean to the journeys: which of its objects glue it, how they relate, which
-- milestones it reaches? Places count the objects of the event, then both ends of each of its links.
-- Grain: one shape; what is known already stays; there are some dozens. Cost: one pass over the shapes of the step's events.
INSERT INTO scratch_shapes
WITH
    (SELECT groupUniqArray(toString(object_type)) FROM journey_types FINAL WHERE role != 'reference') AS gluing,
    (SELECT groupUniqArray((toString(rule), toString(from_type), toString(to_type), toString(qualifier), toString(kind), is_inverse)) FROM journey_relations FINAL) AS rules,
    (from_type, to_type, qualifier) -> arrayFilter(
        r -> r.2 IN (from_type, '*') AND r.3 IN (to_type, '*') AND (r.5 != 'same_as' OR from_type = to_type)
            AND (r.4 = qualifier OR (r.4 = '' AND qualifier != 'reference')), rules) AS matching,
    milestones AS
    (
        SELECT toString(event_type) AS event_type, groupArray((toString(journey), position, toString(milestone), toString(measure), is_end,
            toString(object_type), conditions, systems)) AS declared
        FROM journey_milestones FINAL GROUP BY event_type
    )
SELECT
    s.shape,
    arrayConcat(
        arrayFilter(i -> has(gluing, s.types[i]) AND s.qualifiers[i] NOT IN ('reference', 'origin'), arrayEnumerate(s.types)),
        arrayFlatten(arrayMap(
            (l, i) -> l.3 = 'reference' ? [] : arrayFilter(
                at -> has(gluing, at % 2 = length(s.types) % 2 ? l.2 : l.1), [toUInt32(length(s.types) + 2 * i - 1), toUInt32(length(s.types) + 2 * i)]),
            s.links, arrayEnumerate(s.links)))),
    arrayConcat(
        arrayFlatten(arrayMap(
            start -> arrayFlatten(arrayMap(
                stop -> arrayMap(r -> (r.6 ? stop : start, r.6 ? start : stop, r.5, r.4, r.1), matching(s.types[start], s.types[stop], s.qualifiers[stop])),
                arrayFilter(i -> NOT has(s.subjects, i), arrayEnumerate(s.types)))),
            s.subjects)),
        arrayFlatten(arrayMap(
            (l, i) -> arrayMap(
                r -> (toUInt32(length(s.types) + 2 * i - (r.6 ? 0 : 1)), toUInt32(length(s.types) + 2 * i - (r.6 ? 1 : 0)), r.5, r.4, r.1),
                empty(matching(l.1, l.2, l.3)) ? [('declared', '', '', l.3, 'reference', false)] : matching(l.1, l.2, l.3)),
            s.links, arrayEnumerate(s.links)))),
    arrayMap(
        m -> (m.1, m.2, m.3, m.4, m.5, m.6, m.7, arrayFilter(i -> s.types[i] = m.6, arrayEnumerate(s.types))),
        arrayFilter(m -> empty(m.8) OR has(m.8, s.system), d.declared))
FROM
(
    SELECT
        shape, toString(any(event_type)) AS event_type, toString(any(system)) AS system,
        any(arrayMap(o -> toString(o.object_type), objects)) AS types, any(arrayMap(o -> toString(o.qualifier), objects)) AS qualifiers,
        any(arrayMap(l -> (splitByChar(':', l.from_key)[2], splitByChar(':', l.to_key)[2], l.qualifier), links)) AS links,
        has(qualifiers, 'subject') ? arrayFilter(i -> qualifiers[i] = 'subject', arrayEnumerate(types)) : arraySlice(arrayEnumerate(types), 1, 1) AS subjects
    FROM scratch_events GROUP BY shape
) AS s
LEFT JOIN milestones AS d ON d.event_type = s.event_type
