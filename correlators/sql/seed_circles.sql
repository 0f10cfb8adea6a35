-- Question: which clusters lie under no top, because the relations above them run in a circle? Each is its own.
INSERT INTO scratch_members
WITH node -> coalesce(nullIf(joinGet('scratch_clusters', 'cluster', node), 0), node) AS cluster_of
SELECT DISTINCT cluster_of(node) AS cluster, cluster, 0 FROM scratch_nodes
WHERE role != '' AND NOT is_marginal AND cluster NOT IN (SELECT cluster FROM scratch_members)
