-- Notes what became of a segment's messages, source by source. Parameters: segment:UInt64; first:UInt64, where the
-- stretch of it begins. Grain: one source. A repeat replaces itself.
INSERT INTO source_tallies (source, mapped_by, segment, first, system, events, ignored, rejected, last_received_at)
SELECT
    source,
    mapped_by,
    {segment:UInt64},
    {first:UInt64},
    max(m.system),
    countIf(reason = ''),
    countIf(reason = 'ignored'),
    countIf(reason NOT IN ('', 'ignored')),
    max(received_at)
FROM mapped_events AS m
WHERE source != ''
GROUP BY source, mapped_by
