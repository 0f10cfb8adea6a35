-- Question: between which objects may a relation have changed? Between those that a new event relates, and all that a
-- replaced one named. Cost: the new events.
INSERT INTO scratch_candidates
SELECT start, stop, max(is_doubted) FROM
(
    SELECT nodes[e.start] AS start, nodes[e.stop] AS stop, false AS is_doubted
    FROM scratch_events ARRAY JOIN joinGet('scratch_shapes', 'edges', shape) AS e
    WHERE is_new
    UNION ALL
    SELECT cityHash64(pair.1), cityHash64(pair.2), true
    FROM
    (
        SELECT arrayConcat(arrayMap(o -> concat(o.system, ':', o.object_type, ':', o.id), objects), links.from_key, links.to_key) AS keys
        FROM scratch_stored WHERE (source, event_id) IN (SELECT source, event_id FROM scratch_replaced)
        UNION ALL
        SELECT arrayConcat(arrayMap(o -> concat(o.system, ':', o.object_type, ':', o.id), objects), links.from_key, links.to_key)
        FROM event_versions WHERE (source, event_id) IN (SELECT source, event_id FROM scratch_replaced)
    )
    ARRAY JOIN arrayFlatten(arrayMap(a -> arrayMap(b -> (a, b), keys), keys)) AS pair
)
WHERE start != stop
GROUP BY start, stop
