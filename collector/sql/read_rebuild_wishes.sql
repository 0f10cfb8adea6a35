-- Which sources a segment asks to be rebuilt. Parameters: segment:UInt64. Grain: one wish, as JSON.
SELECT body FROM raw_events WHERE segment = {segment:UInt64} AND record = 'rebuild' ORDER BY frame, item
