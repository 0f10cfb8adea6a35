-- Question: what is known of the objects that changed? Parameters: version UInt64. Grain: one object. Cost: those objects.
INSERT INTO object_rows
WITH declared AS
(
    SELECT object_key,
        arrayFold((all, one) -> mapUpdate(all, one), arrayMap(x -> x.2, arraySort(x -> x.1, groupArray((o.declared_at, CAST(o.attributes, 'Map(String, String)'))))), CAST(map(), 'Map(String, String)')) AS attributes
    FROM object_declarations AS o FINAL
    WHERE {has_declarations:Bool} AND object_key IN (SELECT object_key FROM scratch_changes) GROUP BY object_key
)
SELECT
    c.object_key, c.object_type, splitByChar(':', c.object_key)[1] AS system,
    substring(c.object_key, length(system) + length(c.object_type) + 3),
    c.cluster_key, c.first_seen, CAST(d.attributes, 'Map(LowCardinality(String), String)'), c.lifecycle_ids, c.shares, c.shown_in, {version:UInt64}, c.is_gone
FROM scratch_changes AS c
LEFT JOIN declared AS d ON d.object_key = c.object_key
