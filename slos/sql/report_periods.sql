-- Question: how was each SLA kept in a period, as it was known at an instant?
-- Parameters: slas Array(String), since_ms, until_ms, known_ms Array(Int64): one period for each SLA (since included, until
--   not) and the instant. A promise kept in time belongs to the period of its stop, any other to that of its due time.
-- Grain: one SLA. Cost: the verdicts of these SLAs.
WITH wanted AS
(
    SELECT w.1 AS sla, w.2 AS since_ms, w.3 AS until_ms, fromUnixTimestamp64Milli(w.4, 'UTC') AS known_at
    FROM (SELECT arrayJoin(arrayZip({slas:Array(String)}, {since_ms:Array(Int64)}, {until_ms:Array(Int64)}, {known_ms:Array(Int64)})) AS w)
)
SELECT
    sla, countIf(state = 'met') AS met, countIf(state IN ('missed', 'breached')) AS late,
    countIf(state IN ('running', 'at_risk', 'paused')) AS open, countIf(state = 'unknown') AS unknown,
    sumIf(value, state = 'breached') AS value_at_risk
FROM
(
    SELECT
        v.sla AS sla, argMax((v.state, v.due_at, v.stopped_at, v.value_at_risk), v.known_at) AS newest,
        toString(newest.1) AS state, newest.4 AS value,
        toUnixTimestamp64Milli(least(newest.2, ifNull(newest.3, newest.2))) AS decided_ms,
        any(w.since_ms) AS since_ms, any(w.until_ms) AS until_ms
    FROM (SELECT toString(sla) AS sla, lifecycle_id, subject_key, known_at, state, due_at, stopped_at, value_at_risk
          FROM clock_verdicts FINAL WHERE sla IN {slas:Array(String)}) AS v
    INNER JOIN wanted AS w ON w.sla = v.sla
    WHERE v.known_at <= w.known_at
    GROUP BY sla, v.lifecycle_id, v.subject_key
)
WHERE decided_ms >= since_ms AND decided_ms < until_ms
GROUP BY sla
