-- Question: which other objects do the events with an amount name? How an amount divides depends on all of them.
-- Parameters: round UInt16. Cost: the priced events of the objects reached so far.
INSERT INTO scratch_nodes
WITH (SELECT groupUniqArray(object_type) FROM journey_types FINAL WHERE role != 'reference') AS gluing
SELECT DISTINCT node, {round:UInt16}
FROM
(
    SELECT arrayJoin(arrayConcat(
        arrayMap(o -> concat(o.system, ':', o.object_type, ':', o.id), arrayFilter(o -> o.qualifier NOT IN ('reference', 'origin'), objects)),
        lines.object_key)) AS node
    FROM event_versions FINAL
    WHERE NOT is_withdrawn AND amount != 0 AND (source, event_id) IN
    (
        SELECT source, event_id FROM event_keys FINAL
        WHERE key IN (SELECT node FROM scratch_nodes) AND qualifier NOT IN ('reference', 'origin', 'weak', 'strong')
    )
)
WHERE has(gluing, splitByChar(':', node)[2]) AND node NOT IN (SELECT node FROM scratch_nodes)
