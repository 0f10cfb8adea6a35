-- Question: which SLAs are in force and how well were they kept in their window of today?
-- Parameters: slas Array(String) and since_ms Array(Int64): when the window of each began. A promise kept in time is decided when
--   it stopped, any other at its due time. Grain: one SLA. Cost: four columns of all clocks.
WITH toUnixTimestamp64Milli(least(c.due_at, ifNull(c.stopped_at, c.due_at)))
    >= {since_ms:Array(Int64)}[indexOf({slas:Array(String)}, toString(d.sla))] AS is_recent
SELECT
    d.sla AS sla, d.display_name AS display_name, d.object_type AS object_type, d.start_milestone AS start_milestone,
    d.stop_milestones AS stop_milestones, d.duration_ms AS duration_ms, d.default_calendar AS calendar,
    d.target_ratio AS target_ratio, d.window_days AS window_days, d.severity AS severity, d.owner AS owner, d.runbook AS runbook,
    countIf(c.state = 'met' AND is_recent) AS met,
    countIf(c.state IN ('missed', 'breached') AND is_recent) AS late,
    if(met + late = 0, NULL, met / (met + late)) AS attainment_ratio,
    countIf(c.state IN ('running', 'at_risk', 'paused')) AS open,
    countIf(c.state = 'at_risk') AS at_risk,
    countIf(c.state = 'breached') AS breached,
    countIf(c.state = 'unknown') AS unknown
FROM (SELECT * FROM sla_definitions FINAL) AS d
LEFT JOIN (SELECT sla, state, due_at, stopped_at FROM clock_rows FINAL) AS c ON c.sla = d.sla
GROUP BY ALL
ORDER BY sla
