-- Question: which objects do the new events name, in whatever way? Grain: one object. Cost: the events of the step.
INSERT INTO scratch_mentions
WITH (SELECT groupUniqArray(object_type) FROM journey_types FINAL WHERE role != 'reference') AS gluing
SELECT m.node, any(m.object_key), any(m.object_type) AS type, has(gluing, type), min(m.occurred_at), 0, false
FROM
(
    SELECT node, concat(o.system, ':', o.object_type, ':', o.id) AS object_key, o.object_type AS object_type, occurred_at
    FROM scratch_events ARRAY JOIN arraySlice(nodes, 1, length(objects)) AS node, objects AS o
    WHERE is_new
    UNION ALL
    SELECT cityHash64(object_key) AS node, arrayJoin(arrayConcat(links.from_key, links.to_key, lines.object_key)) AS object_key,
        splitByChar(':', object_key)[2] AS object_type, occurred_at
    FROM scratch_events
    WHERE is_new AND (notEmpty(links) OR notEmpty(lines))
) AS m
GROUP BY m.node
