-- Question: how are the objects divided that several lifecycles hold of which the step changes none? As they were.
-- Grain: one object that several hold. Cost: the objects of the step.
INSERT INTO scratch_shares
SELECT joinGet('scratch_owners', 'cluster', node) AS cluster, any(arraySort(arrayMap((l, s) -> (cityHash64(l), s), old_lifecycles, old_shares)))
FROM scratch_nodes
WHERE notEmpty(old_shares) AND arrayAll(l -> cityHash64(l) IN scratch_outside, old_lifecycles) AND cluster NOT IN (SELECT cluster FROM scratch_shares)
GROUP BY cluster
