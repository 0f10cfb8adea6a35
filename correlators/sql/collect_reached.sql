-- Question: which milestones of the lifecycles that only grow are reached again, and what is stored of them?
-- Grain: one milestone of one subject in one lifecycle. Cost: the milestones of what was known before, looked up one by one; what is
-- left of several versions is chosen among those few rows, which is less than FINAL.
INSERT INTO scratch_reached
WITH
    {{part place}},
    again AS
    (
        SELECT DISTINCT joinGet('scratch_nodes', 'object_key', lifecycle) AS lifecycle_id, reach.2 AS milestone, joinGet('scratch_nodes', 'object_key', reach.6) AS subject_key
        FROM scratch_rows ARRAY JOIN reached AS reach
        WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
          AND (joinGet('scratch_nodes', 'is_stored', reach.6) OR joinGet('scratch_nodes', 'is_marginal', reach.6))
    )
SELECT
    cityHash64(m.lifecycle_id), j.position, m.milestone, j.measure, j.is_end, m.object_type, cityHash64(m.subject_key),
    m.reached_at, m.outcome, m.attempts, m.source, m.event_id, m.system, m.amount, m.currency,
    place_of(m.outcome = 'failure', m.reached_at, cityHash64(m.source, m.event_id)), m.amount_place
FROM
(
    SELECT * FROM milestone_rows
    WHERE (lifecycle_id, milestone, subject_key) IN (SELECT lifecycle_id, milestone, subject_key FROM again)
    ORDER BY version DESC LIMIT 1 BY lifecycle_id, milestone, subject_key
) AS m
INNER JOIN (SELECT journey, milestone, position, measure, is_end FROM journey_milestones FINAL) AS j
    ON j.milestone = m.milestone AND j.journey = joinGet('scratch_nodes', 'journey', cityHash64(m.lifecycle_id))
WHERE NOT m.is_deleted
