-- Question: which loaded segments has nobody correlated yet, as many as one step may take? A segment may turn up late, with
-- a number below the cursor (another collector loaded it): the step then begins before it, and takes what lies between
-- once more, which changes nothing.
-- Parameters: events_since, traces_since UInt64 (the cursors less what a segment may be late), batch_events UInt64.
-- Columns: stream, since, upto, records, segments. One row a stream. Cost: the ledger since then.
SELECT
    w.stream AS stream,
    min(w.segment) - 1 AS since,
    max(w.segment) AS upto,
    sum(w.records) AS records,
    groupArray(w.segment) AS segments
FROM
(
    SELECT
        l.stream AS stream, l.segment AS segment, l.records AS records,
        sum(l.records) OVER (PARTITION BY l.stream ORDER BY l.segment ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running
    FROM
    (
        SELECT stream, segment, maxIf(records, stage = 'loaded') AS records
        FROM segment_ledger FINAL
        WHERE (stream = 'events' AND segment > {events_since:UInt64}) OR (stream = 'traces' AND segment > {traces_since:UInt64})
        GROUP BY stream, segment
        HAVING countIf(stage = 'correlated') = 0
    ) AS l
) AS w
WHERE w.running - w.records < {batch_events:UInt64}
GROUP BY stream
