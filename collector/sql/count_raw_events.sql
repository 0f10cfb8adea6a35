-- How many records of each kind a segment brought. Parameters: segment:UInt64.
SELECT countIf(record = 'event') AS events, countIf(record = 'object') AS objects
FROM raw_events
WHERE segment = {segment:UInt64}
