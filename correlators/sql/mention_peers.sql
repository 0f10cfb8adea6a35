-- Question: which objects are related by declarations to those found in the last round that no lifecycle holds yet?
-- Parameters: round UInt16. Cost: the declared relations of those objects.
INSERT INTO scratch_mentions
WITH (SELECT groupUniqArray(object_type) FROM journey_types FINAL WHERE role != 'reference') AS gluing
SELECT cityHash64(e.peer), e.peer, splitByChar(':', e.peer)[2] AS type, has(gluing, type),
    min(e.rule = 'manual' ? toDateTime64('2299-12-31 00:00:00', 3, 'UTC') : e.declared_at), {round:UInt16}, false
FROM declared_edges AS e FINAL
WHERE e.node IN (SELECT object_key FROM scratch_mentions WHERE round = {round:UInt16} - 1 AND is_gluing)
  AND e.node NOT IN
  (
      SELECT object_key FROM object_rows FINAL
      WHERE object_key IN (SELECT object_key FROM scratch_mentions WHERE round = {round:UInt16} - 1) AND notEmpty(lifecycle_ids)
  )
  AND e.peer NOT IN (SELECT object_key FROM scratch_mentions)
GROUP BY e.peer
