-- Question: which checkpoints does this lifecycle have, in journey order, and how far is each?
-- Parameters: id String, journey String. State `late`: a promise that this step would keep is breached, `late_count` of
-- them, even where the step was done for other objects.
-- Grain: one milestone. Cost: the rows of one lifecycle.
SELECT
    j.milestone AS milestone, j.owner AS owner, j.object_type AS object_type, j.is_optional AS is_optional,
    l.milestone_states[toString(j.milestone)] AS told,
    late.counts[toString(j.milestone)] AS late_count,
    multiIf(told = 'not_applicable', told, late_count > 0, 'late', told = '', 'pending', told) AS state,
    m.reached AS reached, m.failed AS failed, m.first_at AS first_at, m.last_at AS last_at, m.amount AS amount,
    l.currency AS currency
FROM (SELECT * FROM journey_milestones FINAL WHERE journey = {journey:String}) AS j
CROSS JOIN (SELECT milestone_states, currency FROM lifecycles WHERE lifecycle_id = {id:String}) AS l
CROSS JOIN
(
    SELECT sumMap(map(missing, toUInt64(1))) AS counts
    FROM
    (
        SELECT c.subject_key AS subject_key, arrayJoin(d.stop_milestones) AS missing
        FROM (SELECT sla, subject_key FROM sla_clocks WHERE lifecycle_id = {id:String} AND state = 'breached') AS c
        INNER JOIN (SELECT sla, stop_milestones FROM sla_definitions FINAL) AS d ON d.sla = c.sla
    )
    WHERE (subject_key, missing) NOT IN
    (
        SELECT subject_key, toString(milestone) FROM milestones
        WHERE lifecycle_id = {id:String} AND outcome = 'success'
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
