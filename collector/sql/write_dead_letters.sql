-- Keeps what could not be mapped, raw. Parameters: segment:UInt64. Grain: one raw event. The id is its place in the
-- journal, so that a repeat replaces itself.
INSERT INTO dead_letter_rows (dead_letter_id, door, source, reason, detail, received_at, body, replayed_at, version)
SELECT
    concat('events-', toString({segment:UInt64}), '-', toString(r.frame), '-', toString(r.item)),
    door,
    if(told_source != '', told_source, r.source),
    reason,
    detail,
    received_at,
    body,
    NULL,
    {segment:UInt64}
FROM raw_events AS r
INNER JOIN (SELECT frame, item, source AS told_source, reason, detail FROM mapped_events WHERE reason != '') AS m
    ON m.frame = r.frame AND m.item = r.item
WHERE r.segment = {segment:UInt64} AND r.record = 'event'
