-- Question: when did each subject reach each of its milestones, how often was it tried, and what is it worth? The first success
-- counts, or the first failure while there is none, and the last success says the amount; `place` orders by outcome, then time,
-- then event, as one number. What a lifecycle that only grows has reached before and reaches again is added to the new events.
-- Grain: one milestone of one subject in one lifecycle. Cost: the step's events, and the stored milestones they reach again.
INSERT INTO scratch_milestones
WITH
    (is_failure, at, event) -> bitShiftLeft(toUInt128(is_failure), 120)
        + bitShiftLeft(toUInt128(toUnixTimestamp64Milli(at) + 4611686018427387904), 56) + bitShiftRight(event, 8) AS place_of,
    told AS
    (
        SELECT lifecycle, reach.1 AS position, reach.2 AS milestone, reach.3 AS measure, reach.4 AS is_end, reach.5 AS object_type, reach.6 AS subject,
            occurred_at, outcome, 1 AS attempts, source, event_id, system, part, worth_in,
            place_of(outcome = 'failure', occurred_at, event) AS place, outcome = 'failure' ? toUInt128(0) : place AS amount_place
        FROM scratch_rows ARRAY JOIN reached AS reach
    )
SELECT
    lifecycle, any(milestone), subject, joinGet('scratch_nodes', 'object_key', subject), any(object_type),
    argMin(occurred_at, place), argMin(outcome, place), sum(attempts),
    argMin(source, place), argMin(event_id, place), argMin(system, place),
    argMaxIf(part, amount_place, amount_place != 0), argMaxIf(worth_in, amount_place, amount_place != 0), max(amount_place),
    position, any(measure), any(is_end)
FROM
(
    SELECT * FROM told
    UNION ALL
    SELECT cityHash64(m.lifecycle_id), t.position, m.milestone, t.measure, t.is_end, m.object_type, cityHash64(m.subject_key),
        m.reached_at, m.outcome, m.attempts, m.source, m.event_id, m.system, m.amount, m.currency,
        place_of(m.outcome = 'failure', m.reached_at, cityHash64(m.source, m.event_id)), m.amount_place
    FROM milestone_rows AS m FINAL
    INNER JOIN (SELECT DISTINCT lifecycle, position, milestone, measure, is_end, subject FROM told) AS t
        ON t.lifecycle = cityHash64(m.lifecycle_id) AND t.milestone = m.milestone AND t.subject = cityHash64(m.subject_key)
    WHERE (m.lifecycle_id, m.milestone, m.subject_key) IN
    (
        SELECT joinGet('scratch_nodes', 'object_key', lifecycle) AS lifecycle_id, milestone, joinGet('scratch_nodes', 'object_key', subject) FROM told
        WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
    )
)
GROUP BY lifecycle, position, subject
