-- Question: in how many lifecycles does an amendment take effect that was known before?
-- Parameters: now DateTime64. Cost: one column of lifecycle_rows, and the rows of those in which one did.
SELECT count() AS lifecycles
FROM lifecycle_rows FINAL
WHERE next_effective_at <= {now:DateTime64(3, 'UTC')}
  AND lifecycle_id IN (SELECT lifecycle_id FROM lifecycle_rows WHERE next_effective_at <= {now:DateTime64(3, 'UTC')})
