-- Refuses raw events no mapping can be run on, as rows of mapped_events. Parameters: segment:UInt64; first:UInt64 and
-- last:UInt64, their places; sources:Array(String), whose messages are meant: empty means whatever is there;
-- reason:String; detail:String; first_arrival:UInt32. Grain: one raw event.
INSERT INTO mapped_events (arrival, received_at, frame, item, source, mapped_by, reason, detail)
SELECT
    toUInt32({first_arrival:UInt32} + rowNumberInAllBlocks()),
    received_at,
    frame,
    item,
    if(door IN ('webhook', 'pull', 'file', 'span'), concat('/', source), source),
    if(door IN ('webhook', 'pull', 'file', 'span'), source, ''),
    {reason:String},
    {detail:String}
FROM raw_events
WHERE segment = {segment:UInt64} AND record = 'event'
  AND toUInt64(frame) * 4294967296 + item BETWEEN {first:UInt64} AND {last:UInt64}
  AND (empty({sources:Array(String)})
       OR (door IN ('webhook', 'pull', 'file', 'span') AND has({sources:Array(String)}, source)))
ORDER BY segment, frame, item
