-- Question: how do the objects of the step relate, as its events say? Cost: the step's events.
INSERT INTO scratch_edges
SELECT DISTINCT nodes[e.start] AS start, nodes[e.stop] AS stop, e.kind
FROM scratch_events ARRAY JOIN joinGet('scratch_shapes', 'edges', shape) AS e
WHERE e.kind != 'reference' AND start != stop AND (start, stop) NOT IN scratch_unlinked
