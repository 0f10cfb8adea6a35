-- Question: when did each subject reach each of its milestones, how often was it tried, and what is it worth? The first success
-- counts, or the first failure while there is none; the last success says the amount. What a lifecycle that only grows has
-- reached before and reaches again comes from scratch_reached.
-- Grain: one milestone of one subject in one lifecycle. Cost: the step's events.
INSERT INTO scratch_milestones
WITH
    {{part place}}
SELECT
    lifecycle, any(milestone), subject, joinGet('scratch_nodes', 'object_key', subject), any(object_type),
    argMin(occurred_at, place), argMin(outcome, place), sum(attempts),
    argMin(source, place), argMin(event_id, place), argMin(system, place),
    argMaxIf(part, amount_place, amount_place != 0), argMaxIf(worth_in, amount_place, amount_place != 0), max(amount_place),
    position, any(measure), any(is_end)
FROM
(
    SELECT
        lifecycle, reach.1 AS position, reach.2 AS milestone, reach.3 AS measure, reach.4 AS is_end, reach.5 AS object_type, reach.6 AS subject,
        occurred_at, outcome, 1 AS attempts, source, event_id, system, part, worth_in,
        place_of(outcome = 'failure', occurred_at, event) AS place, outcome = 'failure' ? toUInt128(0) : place AS amount_place
    FROM (SELECT lifecycle, occurred_at, outcome, source, event_id, event, system, part, worth_in, arrayJoin(reached) AS reach FROM scratch_rows)
    UNION ALL
    SELECT * FROM scratch_reached
)
GROUP BY lifecycle, position, subject
