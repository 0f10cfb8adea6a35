-- Question: how well was each SLA kept, by due time, in the last thirty days?
-- Parameters: regions, legal_entities, billing_models Array(String), empty for all. Grain: one SLA. Cost: seven columns of the clocks.
SELECT
    d.sla AS sla, d.display_name AS display_name, d.target_ratio AS target_ratio, d.owner AS owner,
    c.met AS met, c.late AS late, c.running AS running, c.at_risk AS at_risk, c.breached AS breached, c.unknown AS unknown
FROM (SELECT sla, display_name, target_ratio, owner FROM sla_definitions FINAL) AS d
LEFT JOIN
(
    SELECT
        sla,
        countIf(state = 'met' AND is_recent) AS met,
        countIf(state IN ('missed', 'breached') AND is_recent) AS late,
        countIf(state IN ('running', 'paused')) AS running,
        countIf(state = 'at_risk') AS at_risk,
        countIf(state = 'breached') AS breached,
        countIf(state = 'unknown') AS unknown
    FROM
    (
        SELECT sla, state, due_at BETWEEN now64(3, 'UTC') - toIntervalDay(30) AND now64(3, 'UTC') AS is_recent
        FROM sla_clocks
        WHERE true
            AND (empty({regions:Array(String)}) OR region IN {regions:Array(String)})
            AND (empty({legal_entities:Array(String)}) OR legal_entity IN {legal_entities:Array(String)})
            AND (empty({billing_models:Array(String)}) OR billing_model IN {billing_models:Array(String)})
    )
    GROUP BY sla
) AS c ON c.sla = d.sla
ORDER BY sla
