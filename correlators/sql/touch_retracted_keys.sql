-- Question: which keys did corrected events ever name? Read with the deleted ones, so that a step done again finds them.
-- Parameters: since, upto UInt64. Cost: one pass over event_keys; run only when there are corrections.
INSERT INTO scratch_keys
SELECT DISTINCT key, startsWith(key, 'correlation_id::') OR startsWith(key, 'trace::')
FROM event_keys
WHERE (source, event_id) IN
(
    SELECT source, event_id FROM event_versions
    WHERE segment > {since:UInt64} AND segment <= {upto:UInt64} AND (revision > 0 OR is_withdrawn)
)
