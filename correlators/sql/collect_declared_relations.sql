-- Question: which relations do the declarations of the step's objects state, and which clusters do those objects have that
-- other lifecycles hold, too? Cost: the declared relations of the step's objects.
INSERT INTO scratch_edges
SELECT DISTINCT cityHash64(node), cityHash64(peer), kind FROM declared_edges FINAL
WHERE direction = 'from' AND kind != 'reference' AND node != peer AND node IN (SELECT object_key FROM scratch_nodes)
  AND peer IN (SELECT object_key FROM scratch_nodes) AND (cityHash64(node), cityHash64(peer)) NOT IN scratch_unlinked
UNION ALL
SELECT node, cityHash64(old_cluster), 'same_as' FROM scratch_nodes
WHERE is_stored AND old_cluster != object_key
  AND arrayExists(l -> cityHash64(l) IN scratch_outside, arrayConcat(old_lifecycles, old_shown))
