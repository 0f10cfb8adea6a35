-- Question: which keys do the spans of this step name, and which objects stand behind a correlation id or a trace?
-- Parameters: since, upto, version UInt64. Grain: one key of one span. Cost: the span links of the step.
INSERT INTO span_keys
WITH
    (SELECT groupUniqArray(object_type) FROM journey_types FINAL WHERE role != 'reference') AS gluing,
    arrayFilter(k -> has(gluing, splitByChar(':', k)[2]), object_keys) AS known
SELECT DISTINCT entry.1, trace_id, span_id, entry.2, is_error, error_category, {version:UInt64}
FROM span_links
ARRAY JOIN arrayConcat(
    arrayMap(k -> (k, CAST([], 'Array(String)')), object_keys),
    [(concat('correlation_id::', correlation_id), known), (concat('trace::', trace_id), known)]) AS entry
WHERE segment > {since:UInt64} AND segment <= {upto:UInt64} AND entry.1 NOT IN ('correlation_id::', 'trace::')
