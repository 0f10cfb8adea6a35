-- Question: the spans that name a run or an object, as a backtest correlates them again.
-- Parameters: parts and part UInt32 (the share of the rows). Cost: one column of the table, and its share.
SELECT * FROM span_links FINAL
WHERE cityHash64(trace_id) % {parts:UInt32} = {part:UInt32}
