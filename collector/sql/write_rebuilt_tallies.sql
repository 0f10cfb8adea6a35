-- Notes anew what became of a source's messages, segment by segment; what stood for single stretches of one is nil.
-- Parameters: name:String. Grain: (source, segment, stretch).
INSERT INTO source_tallies (source, mapped_by, segment, first, system, events, ignored, rejected, last_received_at)
SELECT source, {name:String}, segment, 0, max(m.system), countIf(reason = ''), countIf(reason = 'ignored'),
       countIf(reason NOT IN ('', 'ignored')), max(received_at)
FROM rebuild_events AS m
WHERE source != ''
GROUP BY source, segment
UNION ALL
SELECT source, mapped_by, segment, first, system, 0, 0, 0, last_received_at
FROM source_tallies FINAL
WHERE first > 0 AND mapped_by = {name:String} AND (source, segment) IN (SELECT source, segment FROM rebuild_events)
