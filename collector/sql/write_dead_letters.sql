-- Keeps what could not be mapped, raw. Parameters: segment:UInt64. Grain: one raw event. The id is its place in the
-- journal, so that a repeat replaces itself.
INSERT INTO dead_letter_rows (dead_letter_id, door, source, reason, detail, received_at, body, replayed_at, version)
SELECT
    concat('events-', toString({segment:UInt64}), '-', toString(frame), '-', toString(item)),
    door,
    if(source != '', source, raw_source),
    reason,
    detail,
    received_at,
    body,
    NULL,
    {segment:UInt64}
FROM mapped_events
WHERE reason != ''
