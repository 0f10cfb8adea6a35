-- Question: which promises run or ran on this lifecycle?
-- Parameters: id String. Grain: one clock, the late ones first. Cost: a lookup in the primary key.
SELECT
    c.sla AS sla, d.display_name AS display_name, c.subject_key AS subject_key, c.state AS state, c.reason AS reason,
    c.started_at AS started_at, c.due_at AS due_at, c.stopped_at AS stopped_at,
    c.elapsed_business_ms AS elapsed_business_ms, d.duration_ms AS duration_ms, c.paused_ms AS paused_ms,
    c.value_at_risk AS value_at_risk, c.currency AS currency, c.owner AS owner, d.runbook AS runbook
FROM (SELECT * FROM sla_clocks WHERE lifecycle_id = {id:String}) AS c
LEFT JOIN (SELECT * FROM sla_definitions FINAL) AS d ON d.sla = c.sla
ORDER BY indexOf(['breached', 'at_risk', 'unknown', 'running', 'paused', 'missed', 'met', 'cancelled'], toString(c.state)) AS rank, due_at
LIMIT 1000
