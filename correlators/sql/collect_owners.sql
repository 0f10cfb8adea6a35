-- Question: which cluster is each object in, which lifecycles hold it, and which only show it, as a contract shows the
-- opportunity it originates from? Grain: one object. Cost: the objects of the step.
INSERT INTO scratch_owners
WITH
    node -> coalesce(nullIf(joinGet('scratch_clusters', 'cluster', node), 0), node) AS cluster_of,
    shown AS
    (
        SELECT cluster, groupUniqArray(lifecycle) AS lifecycles FROM
        (
            SELECT cluster_of(stop) AS cluster, cluster_of(start) AS lifecycle FROM scratch_edges WHERE kind = 'originates_from'
            UNION ALL
            SELECT cluster_of(node), cityHash64(arrayJoin(old_shown)) AS lifecycle FROM scratch_nodes
            WHERE is_stored AND lifecycle IN scratch_outside
        )
        GROUP BY cluster
    )
SELECT n.node, n.cluster, arraySort(m.lifecycles), arraySort(arrayFilter(l -> NOT has(m.lifecycles, l), s.lifecycles))
FROM (SELECT node, cluster_of(node) AS cluster FROM scratch_nodes WHERE role != '') AS n
LEFT JOIN (SELECT cluster, groupUniqArray(lifecycle) AS lifecycles FROM scratch_members GROUP BY cluster) AS m ON m.cluster = n.cluster
LEFT JOIN shown AS s ON s.cluster = n.cluster
