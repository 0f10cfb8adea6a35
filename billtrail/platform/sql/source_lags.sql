-- Question: how long ago was each source last heard of? Columns: source, value (seconds). Cost: one pass over event_versions.
SELECT source, lag_ms / 1000 AS value FROM source_health ORDER BY source
