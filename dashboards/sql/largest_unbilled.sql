-- Question: which contracts hold the most approved, unbilled work, and what are they waiting for?
-- Parameters: regions, legal_entities, billing_models Array(String), empty for all; currency String. Grain: one contract.
-- Cost: as unbilled.
SELECT
    l.lifecycle_id AS lifecycle_id, l.client AS client, l.unbilled_amount AS unbilled_amount, l.currency AS currency,
    d.display_name AS waits_for, holding.first.2 AS clock_state, holding.first.3 AS due_at
FROM
(
    SELECT lifecycle_id, client, unbilled_amount, currency
    FROM lifecycles
    WHERE kind = 'contract' AND state NOT IN ('superseded', 'cancelled') AND unbilled_amount > 0 AND currency = {currency:String}
        AND (empty({regions:Array(String)}) OR region IN {regions:Array(String)})
        AND (empty({legal_entities:Array(String)}) OR legal_entity IN {legal_entities:Array(String)})
        AND (empty({billing_models:Array(String)}) OR billing_model IN {billing_models:Array(String)})
    ORDER BY unbilled_amount DESC, lifecycle_id
    LIMIT 6
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
ORDER BY unbilled_amount DESC, lifecycle_id
