-- Question: how do objects without lines of their own divide as their parents do (a payment as its invoice)?
-- Grain: one share of one object. Cost: the part_of edges of the step's shared objects.
INSERT INTO scratch_shares
SELECT cluster, lifecycle_id,
    abs(sum(part) OVER (PARTITION BY cluster)) < 1e-9 ? 1 / count() OVER (PARTITION BY cluster) : part / sum(part) OVER (PARTITION BY cluster)
FROM
(
    SELECT child.cluster AS cluster, s.lifecycle_id AS lifecycle_id, sum(s.share) AS part
    FROM relation_edges AS e FINAL
    INNER JOIN scratch_owners AS child ON child.node = e.node
    INNER JOIN scratch_owners AS parent ON parent.node = e.peer
    INNER JOIN scratch_shares AS s ON s.cluster = parent.cluster
    WHERE e.kind = 'part_of' AND e.direction = 'from'
      AND e.node IN (SELECT node FROM scratch_owners WHERE length(lifecycle_ids) > 1)
      AND child.cluster NOT IN (SELECT cluster FROM scratch_shares)
    GROUP BY cluster, lifecycle_id
)
