-- Question: which records are the objects of the events that begin or end a pause? Parameters: milestones Array(String),
--   parts and part UInt32 (the share of the rows).
-- Cost: those events, then their objects by key.
SELECT * FROM lifecycle_object_rows FINAL
WHERE object_key IN (SELECT object_key FROM lifecycle_event_rows WHERE milestone IN {milestones:Array(String)})
  AND cityHash64(lifecycle_id) % {parts:UInt32} = {part:UInt32}
