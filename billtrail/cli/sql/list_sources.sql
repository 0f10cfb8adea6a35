-- Question: which sources have reported, and when last? Grain: one source. Cost: one pass over event_versions.
SELECT source, system, state, last_occurred_at, last_received_at, lag_ms, silent_since, events, ignored, rejected, open_gaps
FROM source_health
ORDER BY source
