-- Question: when is each object first named that a replaced event or a renewed declaration named before?
-- Parameters: since, upto UInt64. Grain: one object. Cost: one pass over all events; run only when there are such.
INSERT INTO scratch_doubted
WITH
    o -> concat(o.system, ':', o.object_type, ':', o.id) AS key_of,
    old AS
    (
        SELECT arrayJoin(arrayConcat(arrayMap(o -> key_of(o), objects), links.from_key, links.to_key, lines.object_key)) AS key
        FROM scratch_stored WHERE (source, event_id) IN (SELECT source, event_id FROM scratch_replaced)
        UNION DISTINCT
        SELECT arrayJoin(arrayConcat(arrayMap(o -> key_of(o), objects), links.from_key, links.to_key, lines.object_key))
        FROM event_versions WHERE (source, event_id) IN (SELECT source, event_id FROM scratch_replaced)
        UNION DISTINCT
        SELECT object_key FROM scratch_mentions WHERE is_declared
    )
SELECT d.key, min(m.at) AS at
FROM old AS d
LEFT JOIN
(
    SELECT arrayJoin(arrayConcat(arrayMap(o -> key_of(o), objects), links.from_key, links.to_key, lines.object_key)) AS key, occurred_at AS at
    FROM event_versions FINAL
    WHERE NOT is_withdrawn AND segment <= {upto:UInt64} AND key IN (SELECT key FROM old)
    UNION ALL
    SELECT arrayJoin(arrayConcat([object_key], links.from_key, links.to_key)) AS key, declared_at FROM object_declarations FINAL
    WHERE segment <= {upto:UInt64} AND key IN (SELECT key FROM old)
    UNION ALL
    SELECT key, toDateTime64('2299-12-31 00:00:00', 3, 'UTC') FROM old
) AS m ON m.key = d.key
GROUP BY d.key
