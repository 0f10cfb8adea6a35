-- Question: the objects that were declared, as a backtest correlates them again.
-- Parameters: parts and part UInt32 (the share of the rows). Cost: one column of the table, and its share.
SELECT * FROM object_declarations FINAL
WHERE cityHash64(object_key) % {parts:UInt32} = {part:UInt32}
