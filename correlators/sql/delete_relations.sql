-- Question: which relations have no proof any more? Parameters: version UInt64. Grain: one relation by one rule.
-- Cost: one column of relation_rows; run only when an event was replaced.
INSERT INTO relation_rows
SELECT * REPLACE ({version:UInt64} AS version, 1 AS is_deleted)
FROM relation_rows FINAL
WHERE (source, event_id) IN (SELECT source, event_id FROM scratch_replaced)
  AND (cityHash64(from_key), cityHash64(to_key)) IN (SELECT start, stop FROM scratch_candidates WHERE is_doubted)
  AND cityHash64(cityHash64(from_key), cityHash64(to_key), toString(kind), toString(qualifier), toString(rule))
      NOT IN (SELECT relation FROM scratch_relations)
