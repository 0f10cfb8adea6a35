-- Question: which objects were declared, or related to each other by that? Parameters: since, upto UInt64.
-- Grain: one object. Cost: the declarations of the step.
INSERT INTO scratch_mentions
WITH (SELECT groupUniqArray(object_type) FROM journey_types FINAL WHERE role != 'reference') AS gluing
SELECT cityHash64(m.key), m.key, splitByChar(':', m.key)[2] AS type, has(gluing, type), min(m.declared_at), 0
FROM
(
    SELECT arrayJoin(arrayConcat([object_key], links.from_key, links.to_key)) AS key, declared_at
    FROM object_declarations
    WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
    UNION ALL
    SELECT node AS key, declared_at FROM declared_edges
    WHERE (source, proof) IN
    (
        SELECT source, concat('object::', object_key) FROM object_declarations
        WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
    )
) AS m
GROUP BY m.key
