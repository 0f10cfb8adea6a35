-- Question: which lifecycles are there, and which objects belong to each? An object belongs to every top above it: a root,
-- or a cluster with nothing above it. A contract also shows the opportunity it originates from.
-- Parameters: rewritten_rounds UInt16: lifecycles with an object reached before that round are written anew.
-- Cost: the objects of the step.
INSERT INTO scratch_members
WITH
    has_parent AS
    (
        SELECT DISTINCT c.cluster AS cluster
        FROM relation_edges AS e FINAL INNER JOIN scratch_identities AS c ON c.node = e.node
        WHERE e.kind = 'part_of' AND e.direction = 'from' AND e.node IN (SELECT node FROM scratch_nodes)
    ),
    tops AS
    (
        SELECT DISTINCT cluster, ancestor AS lifecycle_id
        FROM scratch_ancestors
        WHERE is_top OR ancestor NOT IN (SELECT cluster FROM has_parent)
    ),
    parts AS
    (
        SELECT tops.lifecycle_id AS lifecycle_id, c.cluster AS cluster, c.node AS node, false AS is_shown
        FROM scratch_identities AS c INNER JOIN tops ON tops.cluster = c.cluster
    ),
    shown AS
    (
        SELECT DISTINCT root.cluster AS lifecycle_id, origins.cluster AS cluster, origins.node AS node, true AS is_shown
        FROM relation_edges AS e FINAL
        INNER JOIN scratch_identities AS root ON root.node = e.node
        INNER JOIN scratch_identities AS named ON named.node = e.peer
        INNER JOIN scratch_identities AS origins ON origins.cluster = named.cluster
        WHERE e.kind = 'originates_from' AND e.direction = 'from' AND e.node IN (SELECT node FROM scratch_nodes)
    )
SELECT
    lifecycle_id, cluster, node, is_shown,
    lifecycle_id IN
    (
        SELECT tops.lifecycle_id FROM tops
        INNER JOIN scratch_identities AS i ON i.cluster = tops.cluster
        INNER JOIN scratch_nodes ON scratch_nodes.node = i.node
        WHERE scratch_nodes.round < {rewritten_rounds:UInt16}
    )
FROM (SELECT * FROM parts UNION ALL SELECT * FROM shown)
