-- Question: which keys do the spans of this step name?
-- Parameters: since, upto, version UInt64. Grain: one key of one span. Cost: the span links of the step.
INSERT INTO span_keys
SELECT DISTINCT entry, trace_id, span_id, is_error, error_category, {version:UInt64}
FROM span_links
ARRAY JOIN arrayConcat(object_keys, [concat('correlation_id::', correlation_id), concat('trace::', trace_id)]) AS entry
WHERE segment > {since:UInt64} AND segment <= {upto:UInt64} AND entry NOT IN ('correlation_id::', 'trace::')
