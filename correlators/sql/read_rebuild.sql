-- Question: how much of what was there when a rebuild was asked for is derived anew by now?
-- Parameters: asked UInt64 (its instant, which segments are numbered by). Columns: total, done (records and a bit for each
-- segment, so that an empty one counts; of a backlog under way as far as it is), left (segments), has_begun, is_over. Grain: one row. Cost: the ledger.
WITH cursors AS (SELECT stream, position FROM loop_cursors FINAL WHERE loop = 'rebuild')
SELECT
    sum(s.records + 1) AS total,
    least(total, sumIf(s.records + 1, s.is_correlated)
        + (SELECT max(position) FROM loop_cursors FINAL WHERE loop = 'correlators' AND stream = 'ahead')) AS done,
    countIf(NOT s.is_correlated) AS left,
    (SELECT maxIf(position, stream = 'begun') FROM cursors) >= {asked:UInt64} AS has_begun,
    (SELECT maxIf(position, stream = 'done') FROM cursors) >= {asked:UInt64} AS is_over
FROM
(
    SELECT stream, segment, maxIf(records, stage = 'loaded') AS records, countIf(stage = 'correlated') > 0 AS is_correlated
    FROM segment_ledger FINAL
    WHERE segment <= {asked:UInt64}
    GROUP BY stream, segment
) AS s
