-- Question: what each object reached, as a backtest judges them again.
-- Parameters: parts and part UInt32 (the share of the rows). Cost: one column of the table, and its share.
SELECT * FROM milestone_rows FINAL
WHERE cityHash64(lifecycle_id) % {parts:UInt32} = {part:UInt32}
