-- Decides which version of every event of a source stands after its whole history, and whether that differs from what
-- the table says; in this session only. Parameters: name:String; upto:UInt64. Grain: one (source, event_id). The rules
-- are those of decide_events, over all that was ever told at once. An event that is mapped otherwise now, by a sender's
-- own hand, is left to it. `is_told` is false for one that the mapping no longer yields.
CREATE TEMPORARY TABLE rebuild_decisions AS
SELECT
    source,
    event_id,
    arrayFilter((o, n) -> n = 1, offers, arrayEnumerateUniq(arrayMap(o -> o.2, offers))) AS fresh,
    arrayMax(arrayMap(o -> (o.3, o.1), fresh)) AS best,
    notEmpty(offers) AS is_told,
    best.2 AS winner,
    arrayFirst(o -> o.1 = winner, fresh).2 AS winner_hash,
    arrayMap(o -> o.2, arrayFilter(o -> o.3 = best.1 AND o.1 != winner, fresh)) AS superseded,
    withdrawals > 0 AS is_withdrawn,
    if(is_known, known_revision + 1, 0) AS revision,
    multiIf(
        is_known AND known_hash != 0 AND known_by != {name:String}, false,
        is_told, NOT is_known OR known_hash != winner_hash OR known_withdrawn != is_withdrawn
                 OR arraySort(known_superseded) != arraySort(superseded),
        is_known, known_by = {name:String} AND known_hash != 0,
        withdrawals > 0) AS is_changed
FROM
(
    SELECT
        source,
        event_id,
        arraySort(groupArrayIf((place_of, content_hash, sequence_key), kind = 'told')) AS offers,
        countIf(kind = 'withdrawal') AS withdrawals,
        countIf(kind = 'known') > 0 AS is_known,
        maxIf(content_hash, kind = 'known') AS known_hash,
        maxIf(is_withdrawn, kind = 'known') AS known_withdrawn,
        maxIf(revision, kind = 'known') AS known_revision,
        groupArrayArrayIf(superseded, kind = 'known') AS known_superseded,
        maxIf(mapped_by, kind = 'known') AS known_by
    FROM
    (
        SELECT source, event_id, 'told' AS kind, (segment, frame, item, part, rule, place) AS place_of, content_hash,
               sequence_key, false AS is_withdrawn, toUInt32(0) AS revision, CAST([], 'Array(UInt64)') AS superseded,
               '' AS mapped_by
        FROM rebuild_events
        WHERE reason = '' AND NOT is_withdrawal
        UNION ALL
        SELECT withdrawn_source, withdrawn_id, 'withdrawal', (0, 0, 0, 0, 0, 0), 0, '', true, 0, [], ''
        FROM rebuild_events
        WHERE reason = '' AND is_withdrawal
        UNION ALL
        SELECT if(e.data.source != '', e.data.source, e.source), e.data.event_id, 'withdrawal', (0, 0, 0, 0, 0, 0), 0, '', true,
               0, [], ''
        FROM
        (
            SELECT JSONExtract(body, 'Tuple(source String, type String, data Tuple(source String, event_id String))') AS e
            FROM raw_events
            WHERE record = 'event' AND door NOT IN ('webhook', 'pull', 'file', 'span') AND segment <= {upto:UInt64}
              AND position(body, 'event.withdrawn') > 0
        )
        WHERE e.type = 'event.withdrawn'
        UNION ALL
        SELECT v.source, v.event_id, 'known', (0, 0, 0, 0, 0, 0), v.content_hash, '', v.is_withdrawn, v.revision, v.superseded,
               v.mapped_by
        FROM event_versions AS v FINAL
        WHERE v.mapped_by = {name:String}
           OR (v.key_hash IN (SELECT toUInt32(cityHash64(source, event_id)) FROM rebuild_events WHERE reason = '')
               AND (v.source, v.event_id) IN (SELECT source, event_id FROM rebuild_events WHERE reason = ''))
    )
    GROUP BY source, event_id
    HAVING notEmpty(offers) OR known_by = {name:String} OR (withdrawals > 0 AND NOT is_known
           AND (source, event_id) IN (SELECT withdrawn_source, withdrawn_id FROM rebuild_events WHERE is_withdrawal))
)
