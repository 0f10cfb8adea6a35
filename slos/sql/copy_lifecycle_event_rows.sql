-- Question: the events that begin or end a pause, as a backtest judges them again. Parameters: milestones Array(String),
--   parts and part UInt32 (the share of the rows). Cost: the whole table.
SELECT * FROM lifecycle_event_rows FINAL WHERE milestone IN {milestones:Array(String)}
  AND cityHash64(lifecycle_id) % {parts:UInt32} = {part:UInt32}
