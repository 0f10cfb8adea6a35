-- Question: where does each batch of the backlog end, so that what hangs together is in one, unless it is larger than a batch?
-- Parameters: batch_events UInt64. Columns: label, segment (of the last), records. Grain: one batch. Cost: two columns of the backlog.
SELECT max(l) AS label, argMax(s, (l, s)) AS segment, sum(events) AS records
FROM
(
    SELECT l, s, events, sum(events) OVER (PARTITION BY l) <= {batch_events:UInt64} ? min(before) OVER (PARTITION BY l) : before AS start
    FROM
    (
        SELECT l, s, events, sum(events) OVER (ORDER BY l, s ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - events AS before
        FROM (SELECT backlog_events.label AS l, backlog_events.segment AS s, count() AS events FROM backlog_events GROUP BY l, s)
    )
)
GROUP BY intDiv(start, {batch_events:UInt64})
ORDER BY label, segment
SETTINGS optimize_aggregation_in_order = 1
