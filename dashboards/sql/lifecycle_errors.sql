-- Question: which spans of this lifecycle's runs failed, in which way, at which step, and what did they say?
-- Parameters: id String. Grain: one failed span, the newest first. Cost: span_errors of one lifecycle.
SELECT
    at, milestone, error_category, system, service, span_name, message, error_type, http_status, object_keys, confidence,
    correlation_id, trace_id, span_id
FROM span_errors
WHERE lifecycle_id = {id:String}
ORDER BY at DESC, span_id
LIMIT 200
