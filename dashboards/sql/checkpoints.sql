-- Question: which checkpoints does this lifecycle have, in journey order, and how far is each?
-- Parameters: id String, journey String. State `late` is pending behind a promise that is breached.
-- Grain: one milestone. Cost: the rows of one lifecycle.
SELECT
    j.milestone AS milestone, j.owner AS owner, j.object_type AS object_type, j.is_optional AS is_optional,
    l.milestone_states[toString(j.milestone)] AS told,
    multiIf(
        told IN ('pending', 'skipped', '') AND toString(j.milestone) IN (late.milestones), 'late',
        told = '', 'pending', told) AS state,
    m.reached AS reached, m.failed AS failed, m.first_at AS first_at, m.last_at AS last_at, m.amount AS amount,
    l.currency AS currency
FROM (SELECT * FROM journey_milestones FINAL WHERE journey = {journey:String}) AS j
CROSS JOIN (SELECT milestone_states, currency FROM lifecycles WHERE lifecycle_id = {id:String}) AS l
CROSS JOIN
(
    SELECT groupArray(toString(milestone)) AS milestones
    FROM
    (
        SELECT arrayJoin(stop_milestones) AS milestone
        FROM sla_definitions FINAL
        WHERE sla IN (SELECT sla FROM sla_clocks WHERE lifecycle_id = {id:String} AND state = 'breached')
    )
) AS late
LEFT JOIN
(
    SELECT
        milestone, countIf(outcome = 'success') AS reached, countIf(outcome != 'success') AS failed,
        min(reached_at) AS first_at, max(reached_at) AS last_at, sum(milestones.amount) AS amount
    FROM milestones
    WHERE lifecycle_id = {id:String}
    GROUP BY milestone
) AS m ON m.milestone = j.milestone
ORDER BY j.position
