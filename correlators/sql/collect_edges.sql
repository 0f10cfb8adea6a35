-- Question: how do the objects of the step relate, as its new events say, or its stored ones? Parameters: is_new Bool.
-- Cost: those events.
INSERT INTO scratch_edges
SELECT DISTINCT nodes[e.start] AS start, nodes[e.stop] AS stop, e.kind
FROM scratch_events ARRAY JOIN joinGet('scratch_shapes', 'edges', shape) AS e
WHERE is_new = {is_new:Bool} AND e.kind != 'reference' AND start != stop AND (start, stop) NOT IN scratch_unlinked
