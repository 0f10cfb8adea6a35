-- Question: which clusters are part of those placed in the last round? Parameters: round UInt16.
-- Cost: the edges of that round. What has several parents may be reached more than once, and is counted once.
INSERT INTO scratch_members
SELECT DISTINCT p.child, m.lifecycle, {round:UInt16}
FROM scratch_parents AS p INNER JOIN (SELECT * FROM scratch_members WHERE round = {round:UInt16} - 1) AS m ON m.cluster = p.parent
WHERE (p.child, m.lifecycle) NOT IN
(
    SELECT cluster, lifecycle FROM scratch_members
    WHERE cluster IN (SELECT child FROM scratch_parents GROUP BY child HAVING count() > 1)
)
