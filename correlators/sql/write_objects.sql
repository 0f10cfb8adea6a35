-- Question: what is known of the objects of this step: since when, and which cluster of ids each belongs to?
-- Parameters: version UInt64. Grain: one object. Cost: the keys of the objects named in the step.
INSERT INTO object_rows
WITH
    seen AS
    (
        SELECT key AS object_key, min(occurred_at) AS first_seen FROM event_keys FINAL
        WHERE key IN (SELECT object_key FROM scratch_named) GROUP BY key
    ),
    declared AS
    (
        SELECT object_key, min(o.declared_at) AS declared_at,
            arrayFold((all, one) -> mapUpdate(all, one), arrayMap(x -> x.2, arraySort(x -> x.1, groupArray((o.declared_at, CAST(o.attributes, 'Map(String, String)'))))), CAST(map(), 'Map(String, String)')) AS attributes
        FROM object_declarations AS o FINAL
        WHERE object_key IN (SELECT object_key FROM scratch_named) GROUP BY object_key
    ),
    linked AS
    (
        SELECT node AS object_key, min(occurred_at) AS linked_at FROM relation_edges FINAL
        WHERE node IN (SELECT object_key FROM scratch_named) GROUP BY node
    ),
    fresh AS
    (
        SELECT
            n.object_key AS object_key, splitByChar(':', n.object_key)[2] AS object_type, splitByChar(':', n.object_key)[1] AS system,
            substring(n.object_key, length(system) + length(object_type) + 3) AS id,
            c.cluster = '' ? n.object_key : c.cluster AS cluster_key,
            arrayMin(arrayFilter(t -> t > toDateTime64(0, 3), [s.first_seen, d.declared_at, l.linked_at])) AS first_seen,
            CAST(d.attributes, 'Map(LowCardinality(String), String)') AS attributes
        FROM scratch_named AS n
        LEFT JOIN scratch_identities AS c ON c.node = n.object_key
        LEFT JOIN seen AS s ON s.object_key = n.object_key
        LEFT JOIN declared AS d ON d.object_key = n.object_key
        LEFT JOIN linked AS l ON l.object_key = n.object_key
        WHERE s.first_seen > toDateTime64(0, 3) OR d.declared_at > toDateTime64(0, 3)
    ),
    stored AS
    (
        SELECT object_key, object_type, system, id, cluster_key, first_seen, attributes
        FROM object_rows FINAL WHERE object_key IN (SELECT object_key FROM scratch_named)
    )
SELECT *, {version:UInt64}, 0 FROM (SELECT * FROM fresh EXCEPT SELECT * FROM stored)
UNION ALL
SELECT *, {version:UInt64}, 1 FROM stored WHERE object_key NOT IN (SELECT object_key FROM fresh)
