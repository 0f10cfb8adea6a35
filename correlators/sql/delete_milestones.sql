-- Question: which milestones were not reached after all? Parameters: version UInt64. Cost: the stored rows of the step's
-- lifecycles.
INSERT INTO milestone_rows
SELECT * REPLACE ({version:UInt64} AS version, 1 AS is_deleted) FROM milestone_rows FINAL
WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_affected)
  AND (cityHash64(lifecycle_id), toString(milestone), cityHash64(subject_key)) NOT IN (SELECT lifecycle, toString(milestone), subject FROM scratch_milestones)
