-- Question: up to which segments can one step go, and how much is in them?
-- Parameters: events_since UInt64, traces_since UInt64 (cursors), batch_events UInt64.
-- Columns: stream, upto (0: nothing new), records. One row a stream. Cost: the ledger since the cursors.
SELECT
    stream,
    max(w.segment) AS upto,
    sum(w.records) AS records
FROM
(
    SELECT
        stream, segment, records,
        sum(records) OVER (PARTITION BY stream ORDER BY segment ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running
    FROM segment_ledger FINAL
    WHERE stage = 'loaded'
      AND segment > multiIf(stream = 'events', {events_since:UInt64}, {traces_since:UInt64})
) AS w
WHERE w.running - w.records < {batch_events:UInt64}
GROUP BY stream
