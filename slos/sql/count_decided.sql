-- Question: how many promises, or slices of time, were kept and not in each of some stretches of time?
-- Parameters: slas Array(String), labels Array(String), since_ms and until_ms Array(Int64): the stretches (since included,
--   until not); methods Array(String), slice_ms Array(Int64), slice_targets Array(Float64): how each is counted.
-- A promise kept in time is decided when it stopped, any other at its due time. Grain: one SLA and label. Cost: four columns
-- of the closed and breached clocks, times the stretches of their SLA.
WITH stretches AS
(
    SELECT s.1 AS sla, s.2 AS label, s.3 AS since_ms, s.4 AS until_ms, s.5 AS method, s.6 AS slice_ms, s.7 AS slice_target
    FROM (SELECT arrayJoin(arrayZip({slas:Array(String)}, {labels:Array(String)}, {since_ms:Array(Int64)}, {until_ms:Array(Int64)},
        {methods:Array(String)}, {slice_ms:Array(Int64)}, {slice_targets:Array(Float64)})) AS s)
)
SELECT
    sla, label, sum(kept + late) AS promises,
    multiIf(any(method) = 'Timeslices', countIf(share >= slice_target), any(method) = 'RatioTimeslices', sum(share), sum(kept)) AS good,
    multiIf(any(method) = 'Timeslices', countIf(share < slice_target), any(method) = 'RatioTimeslices', sum(1 - share), sum(late)) AS bad
FROM
(
    SELECT
        c.sla AS sla, s.label AS label, any(s.method) AS method, any(s.slice_target) AS slice_target,
        s.slice_ms > 0 ? intDiv(c.decided_ms, s.slice_ms) : 0 AS slice,
        countIf(c.is_kept) AS kept, countIf(NOT c.is_kept) AS late, kept / (kept + late) AS share
    FROM
    (
        SELECT toString(clock_rows.sla) AS sla, state = 'met' AS is_kept,
            toUnixTimestamp64Milli(least(due_at, ifNull(stopped_at, due_at))) AS decided_ms
        FROM clock_rows FINAL
        WHERE state IN ('met', 'missed', 'breached')
    ) AS c
    INNER JOIN stretches AS s ON s.sla = c.sla
    WHERE c.decided_ms >= s.since_ms AND c.decided_ms < s.until_ms
    GROUP BY sla, label, slice
)
GROUP BY sla, label
