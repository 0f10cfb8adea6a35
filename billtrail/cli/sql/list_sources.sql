-- Question: which sources have reported, and when last? Grain: one source. Cost: one pass over event_versions.
SELECT source, system, state, last_occurred_at, last_received_at, lag_ms FROM source_health ORDER BY source
