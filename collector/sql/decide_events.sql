-- Decides which version stands of every event that a segment names twice, that is known already, or that is withdrawn;
-- in this session only. Parameters: segment:UInt64. Grain: one (source, event_id); all others are simply new. The winner is the highest sequence, then the last to arrive for the first time; content
-- that already stood, or was already replaced, is a duplicate. A withdrawal holds for ever. `winner` is the `arrival` of
-- the version that wins, -1 when it is the one in the table. Deciding a segment again changes nothing.
CREATE TEMPORARY TABLE event_decisions AS
SELECT
    source,
    event_id,
    arrayFilter((o, n) -> n = 1 AND o.2 != known_hash AND NOT has(known_superseded, o.2),
                offers, arrayEnumerateUniq(arrayMap(o -> o.2, offers))) AS fresh,
    arrayMax(arrayMap(o -> (o.3, o.1), fresh)) AS best,
    notEmpty(fresh) AND (known_hash = 0 OR best.1 >= known_key) AS is_replaced,
    if(is_replaced, best.2, toInt64(-1)) AS winner,
    if(is_replaced,
       arrayConcat(
           if(known_hash != 0 AND known_key = best.1, arrayPushBack(known_superseded, known_hash), []),
           arrayMap(o -> o.2, arrayFilter(o -> o.3 = best.1 AND o.1 != best.2, fresh))),
       known_superseded) AS superseded,
    was_withdrawn OR withdrawals > 0 AS is_withdrawn,
    if(is_known, known_revision + 1, 0) AS revision,
    is_replaced OR is_withdrawn != was_withdrawn AS is_changed,
    if(known_segment = {segment:UInt64}, 0, length(offers) - length(fresh)) AS duplicates
FROM
(
    SELECT
        source,
        event_id,
        arraySort(groupArrayIf((place, content_hash, sequence_key), kind = 'told')) AS offers,
        countIf(kind = 'withdrawal') AS withdrawals,
        countIf(kind = 'known') > 0 AS is_known,
        maxIf(content_hash, kind = 'known') AS known_hash,
        maxIf(sequence_key, kind = 'known') AS known_key,
        maxIf(is_withdrawn, kind = 'known') AS was_withdrawn,
        maxIf(revision, kind = 'known') AS known_revision,
        groupArrayArrayIf(superseded, kind = 'known') AS known_superseded,
        maxIf(segment, kind = 'known') AS known_segment
    FROM
    (
        SELECT source, event_id, 'told' AS kind, toInt64(arrival) AS place, content_hash, sequence_key,
               false AS is_withdrawn, toUInt32(0) AS revision, CAST([], 'Array(UInt64)') AS superseded,
               toUInt64(0) AS segment
        FROM mapped_events
        WHERE reason = '' AND NOT is_withdrawal AND key_hash IN
        (
            SELECT cityHash64(source, event_id) FROM known_events
            UNION ALL
            SELECT cityHash64(withdrawn_source, withdrawn_id) FROM mapped_events WHERE reason = '' AND is_withdrawal
            UNION ALL
            SELECT key_hash FROM mapped_events WHERE reason = '' AND NOT is_withdrawal
            GROUP BY key_hash HAVING count() > 1
        )
        UNION ALL
        SELECT withdrawn_source, withdrawn_id, 'withdrawal', 0, 0, '', true, 0, [], 0
        FROM mapped_events WHERE reason = '' AND is_withdrawal
        UNION ALL
        SELECT source, event_id, 'known', -1, newest.1, newest.2, newest.3, newest.4, newest.5, newest.6
        FROM known_events
    )
    GROUP BY source, event_id
)
