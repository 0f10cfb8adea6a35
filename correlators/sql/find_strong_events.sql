-- Question: which events name an object of a lifecycle? A reference does not count, nor does being named as an
-- origin or by a line.
-- Cost: the keys of the step's objects.
INSERT INTO scratch_event_ids
SELECT DISTINCT m.lifecycle_id, m.is_rewritten, 'declared', k.source, k.event_id
FROM scratch_members AS m
INNER JOIN
(
    SELECT key, source, event_id FROM event_keys FINAL
    WHERE key IN (SELECT node FROM scratch_members) AND qualifier NOT IN ('reference', 'origin', 'line')
) AS k ON k.key = m.node
