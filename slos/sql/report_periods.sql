-- Question: how was each SLA kept in some periods, each as it was known at an instant?
-- Parameters: slas Array(String), labels Array(String), since_ms and until_ms Array(Int64): the periods (since included, until
--   not); known_ms Array(Int64): as known when; methods Array(String), slice_ms Array(Int64), slice_targets Array(Float64): how
--   each is counted. A promise kept in time belongs to the period of its stop, any other to that of its due time.
-- Grain: one SLA and label. Cost: the verdicts of these SLAs, times the periods of each.
WITH wanted AS
(
    SELECT w.1 AS sla, w.2 AS label, w.3 AS since_ms, w.4 AS until_ms, fromUnixTimestamp64Milli(w.5, 'UTC') AS known_at, w.6 AS method,
        w.7 AS slice_ms, w.8 AS slice_target
    FROM (SELECT arrayJoin(arrayZip({slas:Array(String)}, {labels:Array(String)}, {since_ms:Array(Int64)}, {until_ms:Array(Int64)},
        {known_ms:Array(Int64)}, {methods:Array(String)}, {slice_ms:Array(Int64)}, {slice_targets:Array(Float64)})) AS w)
)
SELECT
    sla, label, sum(n_kept) AS met, sum(n_late) AS late, sum(n_open) AS open, sum(n_unknown) AS unknown, sum(value) AS value_at_risk,
    multiIf(any(method) = 'Timeslices', countIf(share >= slice_target), any(method) = 'RatioTimeslices', sumIf(share, n_kept + n_late > 0), sum(n_kept)) AS good,
    multiIf(any(method) = 'Timeslices', countIf(share < slice_target), any(method) = 'RatioTimeslices', sumIf(1 - share, n_kept + n_late > 0), sum(n_late)) AS bad
FROM
(
    SELECT
        sla, label, any(v.method) AS method, any(v.slice_target) AS slice_target,
        v.slice_ms > 0 ? intDiv(v.decided_ms, v.slice_ms) : 0 AS slice,
        countIf(state = 'met') AS n_kept, countIf(state IN ('missed', 'breached')) AS n_late,
        countIf(state IN ('running', 'at_risk', 'paused')) AS n_open, countIf(state = 'unknown') AS n_unknown,
        sumIf(value_at_risk, state = 'breached') AS value, n_kept / (n_kept + n_late) AS share
    FROM
    (
        SELECT
            v.sla AS sla, w.label AS label, argMax((v.state, v.due_at, v.stopped_at, v.value_at_risk), v.known_at) AS newest,
            toString(newest.1) AS state, newest.4 AS value_at_risk,
            toUnixTimestamp64Milli(least(newest.2, ifNull(newest.3, newest.2))) AS decided_ms, any(w.method) AS method,
            any(w.since_ms) AS since_ms, any(w.until_ms) AS until_ms, any(w.slice_ms) AS slice_ms, any(w.slice_target) AS slice_target
        FROM (SELECT toString(sla) AS sla, lifecycle_id, subject_key, known_at, state, due_at, stopped_at, value_at_risk
              FROM clock_verdicts FINAL WHERE sla IN {slas:Array(String)}) AS v
        INNER JOIN wanted AS w ON w.sla = v.sla
        WHERE v.known_at <= w.known_at
        GROUP BY sla, label, v.lifecycle_id, v.subject_key
    ) AS v
    WHERE v.decided_ms >= v.since_ms AND v.decided_ms < v.until_ms
    GROUP BY sla, label, slice
) AS s
GROUP BY sla, label
