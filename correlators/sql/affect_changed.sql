-- Question: in which stored lifecycles does something change that was settled? An object that several hold is divided otherwise;
-- one that is only shown somewhere is named; an object is named earlier than it was known; an amount is taken from other events of the same thing; ids of two things become one;
-- something known gets another parent or origin, or another name that has one;
-- a milestone is reached again. All others only grow.
-- Cost: the objects and relations of the new events.
INSERT INTO scratch_affected
WITH
    edges AS
    (
        SELECT start, stop, kind,
            joinGet('scratch_found', 'cluster_key', start) AS start_cluster, joinGet('scratch_found', 'cluster_key', stop) AS stop_cluster,
            start_cluster != '' AS has_start, stop_cluster != '' AS has_stop,
            joinGet('scratch_found', 'lifecycle_ids', start) AS start_in, joinGet('scratch_found', 'lifecycle_ids', stop) AS stop_in,
            length(start_in) > 1 AS is_divided
        FROM scratch_edges
    ),
    aliases AS
    (
        SELECT pair.1 AS alias FROM edges ARRAY JOIN [(start, stop), (stop, start)] AS pair
        WHERE kind = 'same_as' GROUP BY alias HAVING uniqExact(pair.2) > 1
    ),
    told AS (SELECT node, min(first_seen) AS first_seen FROM scratch_mentions GROUP BY node),
    twins AS
    (
        SELECT start AS fresh, stop AS stored FROM edges WHERE kind = 'same_as' AND NOT has_start AND has_stop
        UNION ALL
        SELECT stop, start FROM edges WHERE kind = 'same_as' AND NOT has_stop AND has_start
    ),
    late AS
    (
        SELECT x.stored AS stored FROM twins AS x
        INNER JOIN told AS t ON t.node = x.fresh
        WHERE t.first_seen <= joinGet('scratch_found', 'first_seen', x.stored) OR x.fresh IN (SELECT alias FROM aliases)
    ),
    takers AS
    (
        SELECT cityHash64(subject_key) AS node FROM scratch_events WHERE is_new AND (takes_amount OR amount != 0)
    ),
    lined AS (SELECT cityHash64(subject_key) AS node FROM scratch_events WHERE is_new AND notEmpty(lines)),
    dividers AS (SELECT node FROM lined UNION ALL SELECT stored FROM twins WHERE fresh IN (SELECT node FROM lined)),
    parted AS
    (
        SELECT start FROM edges WHERE kind = 'part_of' AND is_divided AND (start, stop) NOT IN
        (
            SELECT cityHash64(from_key), cityHash64(to_key) FROM relation_rows FINAL
            WHERE kind = 'part_of' AND from_key IN (SELECT joinGet('scratch_found', 'object_key', start) FROM edges WHERE is_divided)
        )
    ),
    changed AS
    (
        SELECT node FROM scratch_found
        WHERE is_gluing AND node IN (SELECT node FROM takers) AND lifecycle_ids[1] IN
        (
            SELECT lifecycle_id FROM lifecycle_event_rows
            WHERE takes_amount AND lifecycle_id IN (SELECT arrayJoin(lifecycle_ids) FROM scratch_found WHERE node IN (SELECT node FROM takers))
            UNION ALL
            SELECT arrayJoin(joinGet('scratch_found', 'lifecycle_ids', cityHash64(subject_key))) FROM scratch_events WHERE is_new AND takes_amount
        )
        UNION ALL
        SELECT node FROM scratch_found
        WHERE is_gluing
          AND (notEmpty(shown_in) OR told_at < first_seen OR (length(lifecycle_ids) > 1 AND node IN (SELECT node FROM dividers)))
        UNION ALL
        SELECT stored FROM late
        UNION ALL
        SELECT start FROM parted
        UNION ALL
        SELECT x.stored FROM twins AS x INNER JOIN edges AS e ON e.start = x.fresh
        WHERE e.kind = 'originates_from' OR (e.kind = 'part_of' AND (NOT e.has_stop OR e.stop_in != joinGet('scratch_found', 'lifecycle_ids', x.stored) OR length(e.stop_in) > 1))
        UNION ALL
        SELECT arrayJoin([start, stop]) FROM edges
        WHERE (has_start OR has_stop)
          AND multiIf(
              kind = 'same_as', has_start AND has_stop AND start_cluster != stop_cluster,
              kind = 'part_of', has_start AND (NOT has_stop OR start_in != stop_in),
              true)
    )
SELECT DISTINCT arrayJoin(arrayConcat(joinGet('scratch_found', 'lifecycle_ids', node), joinGet('scratch_found', 'shown_in', node))), 0 FROM changed
