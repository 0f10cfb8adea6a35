-- The places of a source's messages in a segment. Parameters: segment:UInt64, name:String.
SELECT toUInt64(frame) * 4294967296 + item AS place
FROM raw_events
WHERE segment = {segment:UInt64} AND record = 'event' AND source = {name:String} AND door IN ('webhook', 'pull', 'file', 'span')
ORDER BY place
