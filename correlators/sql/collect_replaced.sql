-- Question: which events were corrected or withdrawn? Parameters: since, upto UInt64. Cost: the events of the step.
INSERT INTO scratch_replaced
SELECT DISTINCT source, event_id FROM event_versions
WHERE segment > {since:UInt64} AND segment <= {upto:UInt64} AND (revision > 0 OR is_withdrawn)
