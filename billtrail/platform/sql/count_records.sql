-- Question: are there business records? Columns: records. Cost: none, the engine knows the number.
SELECT count() AS records FROM raw_events
