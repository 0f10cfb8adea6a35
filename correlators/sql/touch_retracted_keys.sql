-- Question: which keys were retracted in this step?
-- Parameters: version UInt64 (of the retraction). Cost: one pass over event_keys; run only when there are corrections.
INSERT INTO scratch_keys
SELECT DISTINCT key, startsWith(key, 'correlation_id::') OR startsWith(key, 'trace::')
FROM event_keys
WHERE version = {version:UInt64} AND is_deleted
