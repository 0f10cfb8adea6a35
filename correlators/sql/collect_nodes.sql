-- Question: what is known of the objects of the step: of those that something new names, and of those that the affected
-- lifecycles hold? An object that another lifecycle holds as well brings that lifecycle and its cluster by name.
-- The root of an affected lifecycle belongs to it even where only a relation has named it so far.
-- Grain: one object. Cost: the objects of the affected lifecycles and the rows of the others.
INSERT INTO scratch_nodes
WITH
    types AS
    (
        SELECT t.object_type AS object_type, argMin(t.role, (t.role != 'root', t.journey)) AS role, argMin(t.journey, (t.role != 'root', t.journey)) AS journey
        FROM journey_types AS t FINAL GROUP BY t.object_type
    ),
    held AS
    (
        SELECT object_key, cluster_key, first_seen, lifecycle_ids, shown_in, shares
        FROM lifecycle_object_rows FINAL
        WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_affected)
        UNION ALL
        SELECT object_key, cluster_key, first_seen, lifecycle_ids, shown_in, shares FROM scratch_found
        UNION ALL
        SELECT object_key, cluster_key, first_seen, lifecycle_ids, shown_in, shares FROM object_rows FINAL
        WHERE object_key IN
        (
            SELECT object_key FROM scratch_doubted
            UNION DISTINCT
            SELECT arrayJoin(arrayConcat(arrayMap(o -> concat(o.system, ':', o.object_type, ':', o.id), objects), links.from_key, links.to_key, lines.object_key))
            FROM scratch_stored WHERE length(lifecycle_ids) > 1 OR notEmpty(lines)
        )
    ),
    stored AS (SELECT * FROM held LIMIT 1 BY object_key),
    outside AS
    (
        SELECT cluster_key, arrayJoin(arrayConcat(lifecycle_ids, shown_in)) AS lifecycle_id FROM stored
        WHERE lifecycle_id NOT IN (SELECT lifecycle_id FROM scratch_affected)
    )
SELECT
    cityHash64(n.object_key), n.object_key, n.object_type, t.role = 'reference' ? '' : t.role, t.journey,
    n.seen, n.old_seen, n.old_cluster, n.old_lifecycles, n.old_shown, n.old_shares, n.is_stored, n.is_mentioned, n.is_marginal
FROM
(
    SELECT
        a.object_key AS object_key, splitByChar(':', a.object_key)[2] AS object_type,
        max(a.known) AS is_stored, max(a.told) AS is_mentioned, NOT (is_stored OR is_mentioned) AS is_marginal,
        minIf(a.seen, a.known OR a.told) AS seen, anyIf(a.old_seen, a.known) AS old_seen, anyIf(a.cluster_key, a.known) AS old_cluster,
        anyIf(a.lifecycle_ids, a.known) AS old_lifecycles, anyIf(a.shown_in, a.known) AS old_shown, anyIf(a.shares, a.known) AS old_shares
    FROM
    (
        SELECT object_key, object_key IN (SELECT object_key FROM scratch_doubted) ? toDateTime64('2299-12-31 00:00:00', 3, 'UTC') : first_seen AS seen,
            first_seen AS old_seen, cluster_key, lifecycle_ids, shown_in, shares, true AS known, false AS told
        FROM stored
        UNION ALL
        SELECT object_key, first_seen, first_seen, '', [], [], [], false, true FROM scratch_mentions
        UNION ALL
        SELECT object_key, first_seen, first_seen, '', [], [], [], false, true FROM scratch_doubted
        UNION ALL
        SELECT lifecycle_id, toDateTime64('2299-12-31 00:00:00', 3, 'UTC') AS seen, seen, '', [], [], [], false, true FROM scratch_affected
        UNION ALL
        SELECT DISTINCT arrayJoin([cluster_key, lifecycle_id]), toDateTime64(0, 3, 'UTC') AS seen, seen, '', [], [], [], false, false FROM outside
        UNION ALL
        SELECT lifecycle_id, toDateTime64(0, 3, 'UTC') AS seen, seen, '', [], [], [], false, false FROM scratch_grown
    ) AS a
    GROUP BY a.object_key
) AS n
LEFT JOIN types AS t ON t.object_type = n.object_type
