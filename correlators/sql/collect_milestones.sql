-- Question: when did each subject reach each of its milestones, how often was it tried, and what is it worth? The first success
-- counts, or the first failure while there is none; `place` orders by that, then time, then event, as one number.
-- Grain: one milestone of one subject in one lifecycle. Cost: the step's events.
INSERT INTO scratch_milestones
SELECT
    lifecycle, any(reach.2), reach.6 AS subject, joinGet('scratch_nodes', 'object_key', subject), any(reach.5),
    argMin(occurred_at, place), argMin(outcome, place), count(),
    argMin(source, place), argMin(event_id, place), argMin(system, place),
    argMaxIf(part, place, outcome != 'failure'), argMaxIf(worth_in, place, outcome != 'failure'),
    reach.1 AS position, any(reach.3), any(reach.4)
FROM
(
    SELECT
        lifecycle, occurred_at, outcome, source, event_id, system, part, worth_in, arrayJoin(reached) AS reach,
        bitShiftLeft(toUInt128(outcome = 'failure'), 120)
            + bitShiftLeft(toUInt128(toUnixTimestamp64Milli(occurred_at) + 4611686018427387904), 56) + bitShiftRight(event, 8) AS place
    FROM scratch_rows
)
GROUP BY lifecycle, position, subject
