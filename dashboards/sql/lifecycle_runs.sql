-- Question: which spans belong to this lifecycle's runs, and which of them failed?
-- Parameters: correlation_ids, traces Array(String). Grain: one linked span, the newest 2,000. Cost: lookups by correlation id, and by the
-- bloom filter on the trace id.
SELECT started_at, service, name, system, trace_id, span_id, correlation_id, is_error, error_category
FROM
(
    SELECT * FROM span_links WHERE correlation_id IN {correlation_ids:Array(String)} AND correlation_id != ''
    UNION DISTINCT
    SELECT * FROM span_links WHERE trace_id IN {traces:Array(String)} AND trace_id != ''
)
ORDER BY started_at DESC
LIMIT 1 BY trace_id, span_id
LIMIT 2000
