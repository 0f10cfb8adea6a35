-- Question: which integration runs failed for this lifecycle, at which step, in which way?
-- Parameters: lifecycle_id String. Columns: milestone (empty: not known), error_category, times, last_at, and of the last one
-- system, service, span_name, message, trace_id. Grain: one step and category, the last first. Cost: span_errors of one lifecycle.
SELECT
    milestone, error_category, count() AS times, max(at) AS last_at, argMax(e.system, at) AS system, argMax(e.service, at) AS service,
    argMax(e.span_name, at) AS span_name, argMax(e.message, at) AS message, argMax(e.trace_id, at) AS trace_id
FROM span_errors AS e
WHERE lifecycle_id = {lifecycle_id:String}
GROUP BY milestone, error_category
ORDER BY last_at DESC, milestone, error_category
