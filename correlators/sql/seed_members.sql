-- Question: which clusters are tops: lifecycles of their own? Roots, and those with nothing above them. What an unaffected
-- lifecycle holds as well belongs there, as it did. Cost: the objects of the step.
INSERT INTO scratch_members
WITH
    node -> coalesce(nullIf(joinGet('scratch_clusters', 'cluster', node), 0), node) AS cluster_of,
    kept AS
    (
        SELECT cluster_of(node) AS cluster, cityHash64(arrayJoin(old_lifecycles)) AS lifecycle FROM scratch_nodes
        WHERE is_stored AND role != '' AND lifecycle IN scratch_outside
    )
SELECT DISTINCT cluster, lifecycle, 0 FROM kept
UNION ALL
SELECT DISTINCT cluster_of(node) AS cluster, cluster, 0 FROM scratch_nodes
WHERE role != '' AND NOT is_marginal AND cluster NOT IN (SELECT cluster FROM kept)
  AND (role IN ('root', 'origin') OR cluster NOT IN (SELECT child FROM scratch_parents))
