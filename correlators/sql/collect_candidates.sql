-- Question: between which objects may a relation have changed? Between those that a new event relates, and those whose proof
-- was replaced. Parameters: has_revisions Bool. Cost: the new events; with revisions one column of relation_rows.
INSERT INTO scratch_candidates
SELECT start, stop, max(is_doubted) FROM
(
    SELECT nodes[e.start] AS start, nodes[e.stop] AS stop, false AS is_doubted
    FROM scratch_events ARRAY JOIN joinGet('scratch_shapes', 'edges', shape) AS e
    WHERE is_new
    UNION ALL
    SELECT cityHash64(from_key), cityHash64(to_key), true FROM relation_rows FINAL
    WHERE {has_revisions:Bool} AND (source, event_id) IN (SELECT source, event_id FROM scratch_replaced)
)
WHERE start != stop
GROUP BY start, stop
