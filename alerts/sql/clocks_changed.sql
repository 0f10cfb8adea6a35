-- Which clocks whose verdict is new are breached, or carry an open alert?
-- Parameters: since DateTime64(3), the instant from which a verdict is new.
-- Grain: one clock with the words of its SLA. Cost: the new verdicts, a clock's newest among them, and one column of all.
SELECT
    c.sla AS sla, c.lifecycle_id AS lifecycle_id, c.subject_key AS subject_key, c.state AS state,
    c.started_at AS started_at, c.due_at AS due_at, c.value_at_risk AS value_at_risk, c.currency AS currency,
    c.owner AS clock_owner, c.client AS client, c.region AS region, c.legal_entity AS legal_entity,
    d.owner AS sla_owner, d.severity AS severity, d.runbook AS runbook, d.object_type AS object_type,
    d.start_milestone AS start_milestone, d.stop_milestones AS stop_milestones,
    arrayMap(stop -> m.first_system[stop], d.stop_milestones) AS stop_roles
FROM
(
    SELECT * FROM clock_verdicts WHERE known_at >= {since:DateTime64(3, 'UTC')}
    ORDER BY known_at DESC LIMIT 1 BY lifecycle_id, sla, subject_key
) AS c
LEFT JOIN (SELECT * FROM sla_definitions FINAL) AS d ON d.sla = c.sla
LEFT JOIN
(
    SELECT journey, mapFromArrays(groupArray(toString(milestone)), groupArray(systems[1])) AS first_system
    FROM journey_milestones FINAL
    GROUP BY journey
) AS m ON m.journey = d.journey
WHERE c.state = 'breached' OR (c.lifecycle_id, c.sla, c.subject_key) IN
    (SELECT lifecycle_id, name, subject FROM alert_rows FINAL WHERE state != 'resolved')
