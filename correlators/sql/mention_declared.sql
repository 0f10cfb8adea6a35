-- Question: which objects were declared, or related to each other by that? Of a backlog only those that belong to its batch,
-- by the label of what was declared or by its own hash. What a declaration named and names no more is mentioned, but not seen.
-- Parameters: since, upto UInt64, after_label, label UInt64 (all there are, where there is no backlog), rounds UInt16. Grain: one object.
-- Cost: the declarations of the step.
INSERT INTO scratch_mentions
WITH
    (SELECT groupUniqArray(object_type) FROM journey_types FINAL WHERE role != 'reference') AS gluing,
    {{part label}},
    key -> coalesce(nullIf(label_of(cityHash64(key)), 0), cityHash64(key)) AS place_of,
    declared AS
    (
        SELECT source, object_key, links, declared_at FROM object_declarations
        WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
          AND place_of(object_key) > {after_label:UInt64} AND place_of(object_key) <= {label:UInt64}
        ORDER BY segment DESC
        LIMIT 1 BY source, object_key
    )
SELECT cityHash64(m.key), m.key, splitByChar(':', m.key)[2] AS type, has(gluing, type), min(m.declared_at), 0, true
FROM
(
    SELECT arrayJoin(arrayConcat([object_key], links.from_key, links.to_key)) AS key, declared_at FROM declared
    UNION ALL
    SELECT node AS key, argMax(is_deleted, version) = 1 ? toDateTime64('2299-12-31 00:00:00', 3, 'UTC') : argMax(declared_edges.declared_at, version) AS declared_at
    FROM declared_edges
    WHERE (source, proof) IN (SELECT source, concat('object::', object_key) FROM declared)
    GROUP BY source, proof, node, peer, direction, kind, qualifier, rule
) AS m
GROUP BY m.key
