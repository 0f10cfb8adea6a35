-- Question: what was last predicted for each SLA? Grain: one SLA.
SELECT toString(p.sla) AS sla, argMax(p.at_risk_after_ms, p.known_at) AS at_risk_after_ms,
    toUnixTimestamp64Milli(max(p.known_at)) AS known_ms
FROM sla_predictions AS p GROUP BY p.sla ORDER BY sla
