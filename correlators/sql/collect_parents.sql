-- Question: which cluster is part of which? A root has nothing above it. Cost: the part_of edges of the step.
INSERT INTO scratch_parents
WITH node -> coalesce(nullIf(joinGet('scratch_clusters', 'cluster', node), 0), node) AS cluster_of
SELECT DISTINCT cluster_of(start) AS child, cluster_of(stop) AS parent FROM scratch_edges
WHERE kind = 'part_of' AND child != parent AND joinGet('scratch_nodes', 'role', start) NOT IN ('root', 'origin')
