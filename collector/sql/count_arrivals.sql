-- How many rows the mappings have made so far.
SELECT count() AS arrived FROM mapped_events
