-- Question: which objects learn a smaller cluster key from an object that is the same thing? Repeated until none does.
-- Parameters: round UInt16. Cost: the same_as edges of the objects that changed in the last round.
INSERT INTO scratch_clusters
WITH current AS (SELECT node, min(cluster) AS cluster FROM scratch_clusters GROUP BY node)
SELECT mine.node, min(theirs.cluster) AS smaller, {round:UInt16}
FROM relation_edges AS e FINAL
INNER JOIN current AS mine ON mine.node = e.node
INNER JOIN current AS theirs ON theirs.node = e.peer
WHERE e.kind = 'same_as' AND e.node IN (SELECT node FROM scratch_nodes)
  AND e.peer IN (SELECT node FROM scratch_clusters WHERE round = {round:UInt16} - 1)
GROUP BY mine.node
HAVING smaller < any(mine.cluster)
