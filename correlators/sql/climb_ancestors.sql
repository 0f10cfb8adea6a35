-- Question: which clusters lie directly above the ancestors found in the last round? A root stops the climb.
-- Parameters: round UInt16. Cost: the part_of edges of the step's objects.
INSERT INTO scratch_ancestors
WITH
    (SELECT groupUniqArray(object_type) FROM journey_types FINAL WHERE role IN ('root', 'origin')) AS roots
SELECT DISTINCT a.cluster, parent.cluster, has(roots, splitByChar(':', parent.cluster)[2]), {round:UInt16}
FROM scratch_ancestors AS a
INNER JOIN scratch_identities AS child ON child.cluster = a.ancestor
INNER JOIN
(
    SELECT node, peer FROM relation_edges FINAL
    WHERE kind = 'part_of' AND direction = 'from' AND node IN (SELECT node FROM scratch_nodes)
) AS e ON e.node = child.node
INNER JOIN scratch_identities AS parent ON parent.node = e.peer
WHERE a.round = {round:UInt16} - 1 AND NOT a.is_top
  AND (a.cluster, parent.cluster) NOT IN (SELECT cluster, ancestor FROM scratch_ancestors)
