-- Keeps what a source's mapping cannot use now, raw. Parameters: name:String; segment:UInt64, the rebuild's own. Grain: one
-- message; the id is its place in the journal, so that one which was there already is replaced.
INSERT INTO dead_letter_rows (dead_letter_id, door, source, reason, detail, received_at, body, replayed_at, version)
SELECT
    concat('events-', toString(r.segment), '-', toString(r.frame), '-', toString(r.item),
           if(part > 0, concat('-', toString(part)), '')),
    r.door,
    r.source,
    m.reason,
    m.detail,
    received_at,
    body,
    NULL,
    {segment:UInt64}
FROM raw_events AS r
INNER JOIN
(
    SELECT segment, frame, item, part, any(e.reason) AS reason, any(e.detail) AS detail
    FROM rebuild_events AS e
    WHERE e.reason NOT IN ('', 'ignored')
    GROUP BY segment, frame, item, part
) AS m ON m.segment = r.segment AND m.frame = r.frame AND m.item = r.item
WHERE r.source = {name:String} AND r.record = 'event' AND r.segment <= {segment:UInt64}
