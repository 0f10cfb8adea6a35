-- Question: which lifecycles have an amendment that takes effect by now? Parameters: now DateTime64.
-- Cost: one column of lifecycle_rows.
INSERT INTO scratch_affected
SELECT lifecycle_id, 0 FROM lifecycle_rows FINAL WHERE next_effective_at <= {now:DateTime64(3, 'UTC')}
