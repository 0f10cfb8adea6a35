-- Question: which lifecycles have an amendment that takes effect by now? Parameters: now DateTime64.
-- Cost: one column of lifecycle_rows.
INSERT INTO scratch_grown
SELECT lifecycle_id FROM lifecycle_rows FINAL
WHERE next_effective_at <= {now:DateTime64(3, 'UTC')} AND lifecycle_id NOT IN (SELECT lifecycle_id FROM scratch_affected)
  AND lifecycle_id NOT IN (SELECT lifecycle_id FROM scratch_grown)
