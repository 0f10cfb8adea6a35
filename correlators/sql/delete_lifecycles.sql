-- Question: which lifecycles are no longer tops of anything, or hold no event any more?
-- Parameters: version UInt64. Cost: the rows of the step's lifecycles.
INSERT INTO lifecycle_rows
SELECT * REPLACE ({version:UInt64} AS version, 1 AS is_deleted)
FROM lifecycle_rows FINAL
WHERE lifecycle_id IN (SELECT node FROM scratch_nodes)
  AND lifecycle_id NOT IN
  (
      SELECT lifecycle_id FROM scratch_events
      UNION ALL
      SELECT lifecycle_id FROM scratch_members WHERE NOT is_rewritten
  )
