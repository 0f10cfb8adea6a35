-- Question: every cluster is its own first ancestor; what has the role root or origin has nothing above it.
INSERT INTO scratch_ancestors
WITH (SELECT groupUniqArray(object_type) FROM journey_types FINAL WHERE role IN ('root', 'origin')) AS roots
SELECT DISTINCT cluster, cluster, has(roots, splitByChar(':', cluster)[2]), 0
FROM scratch_identities
