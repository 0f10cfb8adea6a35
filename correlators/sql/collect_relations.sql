-- Question: which relations do the events of the step prove between these objects, and which proof is the earliest?
-- Parameters: is_first Bool (nothing is stored yet: every pair is looked at, and every name is among the nodes). Grain: one relation by one rule.
-- Cost: the step's events.
INSERT INTO scratch_relations
SELECT
    relation,
    NOT {is_first:Bool} AND (any(start), any(stop)) IN (SELECT start, stop FROM scratch_candidates WHERE is_doubted),
    any(ends.1) = '' ? joinGet('scratch_nodes', 'object_key', any(start)) : any(ends.1),
    any(ends.2) = '' ? joinGet('scratch_nodes', 'object_key', any(stop)) : any(ends.2), any(e.kind), any(e.qualifier), any(e.rule),
    argMin(source, (occurred_at, event)), argMin(event_id, (occurred_at, event)), min(occurred_at)
FROM
(
    SELECT
        nodes[e.start] AS start, nodes[e.stop] AS stop, e, cityHash64(start, stop, e.kind, e.qualifier, e.rule) AS relation, occurred_at, event, source, event_id,
        arrayConcat(arrayMap(o -> concat(o.system, ':', o.object_type, ':', o.id), objects), arrayFlatten(arrayMap(l -> [l.from_key, l.to_key], links))) AS names,
        {is_first:Bool} ? ('', '') : (names[e.start], names[e.stop]) AS ends
    FROM scratch_events ARRAY JOIN joinGet('scratch_shapes', 'edges', shape) AS e
    WHERE start != stop AND ({is_first:Bool} OR (start, stop) IN (SELECT start, stop FROM scratch_candidates))
)
GROUP BY relation
