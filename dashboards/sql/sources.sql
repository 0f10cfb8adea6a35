-- Question: which sources are heard of, and which have gone silent?
-- Grain: one source, the silent ones first. Cost: three columns of the events.
SELECT source, system, last_occurred_at, last_received_at, lag_ms, state
FROM source_health
ORDER BY state = 'live', lag_ms DESC
LIMIT 50
