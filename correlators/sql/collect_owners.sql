-- Question: which lifecycles hold each object of the step?
-- Cost: the objects of the step.
INSERT INTO scratch_owners
SELECT node, any(cluster), groupUniqArray(lifecycle_id) FROM scratch_members WHERE NOT is_shown GROUP BY node
