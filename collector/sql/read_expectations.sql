-- How long a silence of each source is ordinary, in milliseconds; 0 where nobody says. Grain: one source.
SELECT source, expected_ms FROM source_expectations FINAL
