-- Question: which lifecycles was a step about to write that was interrupted? Parameters: version UInt64 (the last one that
-- was done). Cost: the lifecycles of one step.
INSERT INTO scratch_affected
SELECT DISTINCT lifecycle_id, 0 FROM pending_lifecycles WHERE version > {version:UInt64}
