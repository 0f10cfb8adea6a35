-- The places of a segment's raw events between two places. Parameters: segment:UInt64, first:UInt64, last:UInt64.
SELECT toUInt64(frame) * 4294967296 + item AS place
FROM raw_events
WHERE segment = {segment:UInt64} AND record = 'event' AND place BETWEEN {first:UInt64} AND {last:UInt64}
ORDER BY place
