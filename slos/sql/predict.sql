-- Question: from how much used time on were fewer than `at_risk_chance` of the promises of an SLA still kept, of those that took
-- as long? Looked at is what came due in a stretch of time, all of it, so that what is quick does not count for more.
-- Parameters: since_ms, until_ms Int64 (the stretch, until not included); minimum_sample UInt64 (promises that took as long).
-- Of n promises, k of them kept after elapsed times e1 <= e2 <= ..., n - i took longer than ei and k - i of those were kept. That
-- share falls as i rises, so the first i with (k - i) / (n - i) < chance is known. Rounded up to a hundredth of the duration, so
-- that a day more of history seldom moves it. Grain: one SLA for which something is predicted. Cost: four columns of the clocks.
WITH decided AS
(
    SELECT
        toString(clock_rows.sla) AS sla, count() AS n, countIf(state = 'met') AS k,
        arraySort(groupArrayIf(elapsed_business_ms, state = 'met')) AS elapsed
    FROM clock_rows FINAL
    WHERE state IN ('met', 'missed', 'breached')
      AND toUnixTimestamp64Milli(due_at) >= {since_ms:Int64} AND toUnixTimestamp64Milli(due_at) < {until_ms:Int64}
    GROUP BY sla
)
SELECT
    h.sla AS sla,
    toUInt64(k < d.at_risk_chance * n ? 0 : floor((k - d.at_risk_chance * n) / (1 - d.at_risk_chance)) + 1) AS i,
    toInt64(greatest(1, ceil((i = 0 ? 0 : h.elapsed[i]) * 100 / d.duration_ms) * d.duration_ms / 100)) AS at_risk_after_ms,
    toUInt64(n - i) AS sample, toUInt64(k - i) AS kept
FROM decided AS h
INNER JOIN (SELECT toString(sla_definitions.sla) AS sla, at_risk_chance, duration_ms FROM sla_definitions FINAL) AS d ON d.sla = h.sla
WHERE d.at_risk_chance > 0 AND i <= k AND n - i >= {minimum_sample:UInt64}
ORDER BY sla
