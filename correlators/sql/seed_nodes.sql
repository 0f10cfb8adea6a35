-- Question: which objects does this step start from? Those touched, and those of events and spans that share a touched
-- weak key.
-- Cost: the touched keys and the events behind the weak ones.
INSERT INTO scratch_nodes
WITH (SELECT groupUniqArray(object_type) FROM journey_types FINAL WHERE role != 'reference') AS gluing
SELECT DISTINCT node, 0
FROM
(
    SELECT key AS node FROM scratch_keys WHERE NOT is_weak
    UNION ALL
    SELECT concat(o.system, ':', o.object_type, ':', o.id) AS node
    FROM event_versions FINAL
    ARRAY JOIN objects AS o
    WHERE NOT is_withdrawn AND o.qualifier != 'reference' AND (source, event_id) IN
    (
        SELECT source, event_id FROM event_keys FINAL
        WHERE key IN (SELECT key FROM scratch_keys WHERE is_weak) AND qualifier = 'strong'
    )
    UNION ALL
    SELECT arrayJoin(object_keys) AS node
    FROM span_keys FINAL
    WHERE key IN (SELECT key FROM scratch_keys WHERE is_weak)
)
WHERE has(gluing, splitByChar(':', node)[2])
