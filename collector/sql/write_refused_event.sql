-- Keeps the one raw event the mapping could not be run on. Parameters: segment:UInt64, first:UInt64, last:UInt64,
-- detail:String. The id is its place in the journal, so that a repeat replaces itself.
INSERT INTO dead_letter_rows (dead_letter_id, door, source, reason, detail, received_at, body, replayed_at, version)
SELECT
    concat('events-', toString(segment), '-', toString(frame), '-', toString(item)),
    door,
    source,
    'unreadable',
    {detail:String},
    received_at,
    body,
    NULL,
    segment
FROM raw_events
WHERE segment = {segment:UInt64} AND record = 'event'
  AND toUInt64(frame) * 4294967296 + item BETWEEN {first:UInt64} AND {last:UInt64}
