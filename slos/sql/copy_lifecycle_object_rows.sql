-- Question: which records are the objects of the events that begin or end a pause? Parameters: milestones Array(String).
-- Cost: those events, then their objects by key.
SELECT * FROM lifecycle_object_rows FINAL
WHERE object_key IN (SELECT object_key FROM lifecycle_event_rows WHERE milestone IN {milestones:Array(String)})
