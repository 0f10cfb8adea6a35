-- Public view: per SLA and calendar month of the due time, how many promises were kept.
CREATE VIEW sla_reports {{on_cluster}} AS
SELECT
    sla,
    toStartOfMonth(due_at) AS month,
    region,
    legal_entity,
    countIf(state = 'met') AS met,
    countIf(state IN ('missed', 'breached')) AS late,
    countIf(state IN ('running', 'at_risk', 'paused')) AS open,
    countIf(state = 'unknown') AS unknown,
    if(met + late = 0, NULL, met / (met + late)) AS attainment_ratio,
    sumIf(value_at_risk, state = 'breached') AS value_at_risk
FROM sla_clocks
GROUP BY sla, month, region, legal_entity
