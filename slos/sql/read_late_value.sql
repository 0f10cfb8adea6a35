-- Question: how much hangs on the open late clocks of each SLA, in its most common currency? Grain: one SLA.
SELECT sla, argMax(currency, clocks) AS currency, argMax(amount, clocks) AS amount
FROM
(
    SELECT toString(sla) AS sla, toString(currency) AS currency, count() AS clocks, sum(value_at_risk) AS amount
    FROM clock_rows FINAL WHERE state = 'breached' GROUP BY sla, currency
)
GROUP BY sla
