-- Question: where is approved work unbilled, and which promise on the way to the invoice is it waiting for?
-- Parameters: regions, legal_entities, billing_models Array(String), empty for all; currency String. A contract waits for
-- its most urgent open clock among the SLAs that end at the invoice or before it; waits_for is empty when there is none.
-- Grain: legal entity, SLA and whether it is late. Cost: a scan of eight columns of lifecycles and the open clocks.
SELECT
    l.legal_entity AS legal_entity, d.display_name AS waits_for, holding.first.2 = 'breached' AS is_late,
    sum(l.unbilled_amount) AS unbilled, count() AS contracts
FROM
(
    SELECT lifecycle_id, legal_entity, unbilled_amount
    FROM lifecycles
    WHERE kind = 'contract' AND state NOT IN ('superseded', 'cancelled') AND unbilled_amount > 0 AND currency = {currency:String}
        AND (empty({regions:Array(String)}) OR region IN {regions:Array(String)})
        AND (empty({legal_entities:Array(String)}) OR legal_entity IN {legal_entities:Array(String)})
        AND (empty({billing_models:Array(String)}) OR billing_model IN {billing_models:Array(String)})
) AS l
LEFT JOIN
(
    SELECT
        c.lifecycle_id AS lifecycle_id,
        argMin(
            (c.sla, c.state, c.due_at),
            (indexOf(['breached', 'at_risk', 'running', 'paused', 'unknown'], toString(c.state)), c.due_at)) AS first
    FROM sla_clocks AS c
    WHERE c.state IN ('breached', 'at_risk', 'running', 'paused', 'unknown') AND c.sla IN
    (
        SELECT s.sla
        FROM (SELECT sla, arrayJoin(stop_milestones) AS stop FROM sla_definitions FINAL) AS s
        INNER JOIN (SELECT milestone, position FROM journey_milestones FINAL) AS m ON m.milestone = s.stop
        GROUP BY s.sla
        HAVING max(m.position) <= (SELECT max(position) FROM journey_milestones FINAL WHERE measure = 'invoiced')
    )
    GROUP BY c.lifecycle_id
) AS holding ON holding.lifecycle_id = l.lifecycle_id
LEFT JOIN (SELECT sla, display_name FROM sla_definitions FINAL) AS d ON d.sla = holding.first.1
GROUP BY legal_entity, waits_for, is_late
ORDER BY unbilled DESC
LIMIT 200
