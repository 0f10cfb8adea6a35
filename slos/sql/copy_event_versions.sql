-- Question: the canonical events, as a backtest correlates them again.
-- Parameters: parts and part UInt32 (the share of the rows). Cost: one column of the table, and its share.
SELECT * FROM event_versions FINAL
WHERE cityHash64(event_id) % {parts:UInt32} = {part:UInt32}
