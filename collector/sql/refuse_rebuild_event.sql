-- Refuses the one message a mapping cannot be run on, in a rebuild. Parameters: segment:UInt64, place:UInt64,
-- detail:String.
INSERT INTO rebuild_events (segment, received_at, frame, item, source, reason, detail)
SELECT segment, received_at, frame, item, concat('/', source), 'unreadable', {detail:String}
FROM raw_events
WHERE segment = {segment:UInt64} AND record = 'event' AND toUInt64(frame) * 4294967296 + item = {place:UInt64}
