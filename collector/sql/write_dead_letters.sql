-- Keeps what could not be mapped, raw. Parameters: segment:UInt64. Grain: one raw event, or one message of a body of
-- several. The id is its place in the journal, so that a repeat replaces itself. What a vendor sent has the name of its
-- source's folder.
INSERT INTO dead_letter_rows (dead_letter_id, door, source, reason, detail, received_at, body, replayed_at, version)
SELECT
    concat('events-', toString({segment:UInt64}), '-', toString(r.frame), '-', toString(r.item),
           if(part > 0, concat('-', toString(part)), '')),
    r.door,
    if(told_source != '' AND r.door NOT IN ('webhook', 'pull', 'file', 'span'), told_source, r.source),
    reason,
    detail,
    received_at,
    body,
    NULL,
    {segment:UInt64}
FROM raw_events AS r
INNER JOIN
(
    SELECT frame, item, part, any(m.source) AS told_source, any(m.reason) AS reason, any(m.detail) AS detail
    FROM mapped_events AS m
    WHERE m.reason NOT IN ('', 'ignored')
    GROUP BY frame, item, part
) AS m ON m.frame = r.frame AND m.item = r.item
WHERE r.segment = {segment:UInt64} AND r.record = 'event'
