-- Question: how do objects without lines of their own divide as their parents do (a payment as its invoice)?
-- Grain: one share of one object. Cost: the parents of the step's shared objects.
INSERT INTO scratch_shares
SELECT cluster, lifecycle,
    abs(sum(part) OVER (PARTITION BY cluster)) < 1e-9 ? 1 / count() OVER (PARTITION BY cluster) : part / sum(part) OVER (PARTITION BY cluster)
FROM
(
    SELECT p.child AS cluster, s.lifecycle AS lifecycle, sum(s.share) AS part
    FROM scratch_parents AS p
    INNER JOIN scratch_shares AS s ON s.cluster = p.parent
    WHERE p.child NOT IN (SELECT cluster FROM scratch_shares)
      AND p.child IN (SELECT cluster FROM scratch_members GROUP BY cluster HAVING uniqExact(lifecycle) > 1)
    GROUP BY cluster, lifecycle
)
