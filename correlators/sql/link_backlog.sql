-- Question: which objects do the waiting events and declarations name together? Each is linked with itself, too.
-- Parameters: since, upto UInt64. Grain: one pair. Cost: two columns of what waits.
INSERT INTO scratch_links
WITH
    {{part keys}},
    {{part gluing}}
SELECT DISTINCT nodes[1] AS start, arrayJoin(nodes) AS stop, 0
FROM
(
    SELECT arrayDistinct(gluing_nodes(objects, links)) AS nodes FROM event_versions
    WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
    UNION ALL
    SELECT [cityHash64(link.from_key), cityHash64(link.to_key)] FROM object_declarations ARRAY JOIN links AS link
    WHERE segment > {since:UInt64} AND segment <= {upto:UInt64} AND link.qualifier != 'reference'
      AND has(gluing, type_of(link.from_key)) AND has(gluing, type_of(link.to_key))
)
WHERE notEmpty(nodes)
