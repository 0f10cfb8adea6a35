-- Question: which objects and which correlation ids or traces do new spans name?
-- Parameters: since, upto UInt64. Cost: the span links of the step.
INSERT INTO scratch_keys
SELECT DISTINCT entry.1, entry.2
FROM span_links
ARRAY JOIN arrayConcat(
    arrayMap(k -> (k, false), object_keys),
    [(concat('correlation_id::', correlation_id), true), (concat('trace::', trace_id), true)]) AS entry
WHERE segment > {since:UInt64} AND segment <= {upto:UInt64} AND entry.1 NOT IN ('correlation_id::', 'trace::')
