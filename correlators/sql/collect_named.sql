-- Question: which objects does this step name or reach, whatever their type?
-- Parameters: since, upto UInt64. Grain: one object. Cost: the step's events and declarations.
INSERT INTO scratch_named
SELECT concat(o.system, ':', o.object_type, ':', o.id) AS object_key
FROM event_versions ARRAY JOIN objects AS o
WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
UNION DISTINCT
SELECT arrayJoin(arrayConcat([object_key], links.from_key, links.to_key)) FROM object_declarations
WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
UNION DISTINCT
SELECT node FROM scratch_nodes
UNION DISTINCT
SELECT key FROM scratch_keys WHERE NOT is_weak
