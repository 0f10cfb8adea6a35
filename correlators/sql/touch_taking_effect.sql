-- Question: which lifecycles have an amendment that takes effect by now?
-- Parameters: now DateTime64. Cost: one column of lifecycle_rows.
INSERT INTO scratch_keys
SELECT lifecycle_id, false
FROM lifecycle_rows FINAL
WHERE next_effective_at <= {now:DateTime64(3, 'UTC')}
