-- Finds dead letters that were not replayed yet, with the source and the door they first came through. Parameters:
-- reason:String, source:String (empty: any), since and until:DateTime64(3), ids:Array(String) (empty: any),
-- after:String, limit:UInt32. Grain: one dead letter, by its id; a page begins behind `after`.
WITH splitByChar('-', dead_letter_id) AS parts
SELECT
    d.dead_letter_id AS dead_letter_id,
    d.reason AS reason,
    d.source AS source,
    d.detail AS detail,
    d.received_at AS received_at,
    d.body AS body,
    d.door AS door,
    r.source AS first_source,
    r.door AS first_door
FROM dead_letter_rows AS d FINAL
LEFT ANY JOIN raw_events AS r
    ON r.segment = toUInt64OrZero(parts[2]) AND r.frame = toUInt32OrZero(parts[3]) AND r.item = toUInt32OrZero(parts[4])
        AND parts[1] = 'events'
WHERE d.replayed_at IS NULL
    AND ({reason:String} = '' OR d.reason = {reason:String})
    AND ({source:String} = '' OR d.source = {source:String})
    AND d.received_at >= {since:DateTime64(3)} AND d.received_at < {until:DateTime64(3)}
    AND (empty({ids:Array(String)}) OR has({ids:Array(String)}, d.dead_letter_id))
    AND d.dead_letter_id > {after:String}
ORDER BY d.dead_letter_id
LIMIT {limit:UInt32}
