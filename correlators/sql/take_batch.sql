-- Question: which events are in a batch of the backlog? Parameters: after_label, after_segment, label, segment UInt64.
-- Grain: one event. Cost: those events.
INSERT INTO scratch_events
SELECT * EXCEPT (label, segment) FROM backlog_events
WHERE label >= {after_label:UInt64} AND label <= {label:UInt64}
  AND (label, segment) > ({after_label:UInt64}, {after_segment:UInt64}) AND (label, segment) <= ({label:UInt64}, {segment:UInt64})
