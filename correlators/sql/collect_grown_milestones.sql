-- Question: which milestones did the lifecycles that only grow reach before? Added after the new ones were written.
-- Cost: the stored milestones of those lifecycles.
INSERT INTO scratch_milestones
SELECT
    cityHash64(m.lifecycle_id), m.milestone, cityHash64(m.subject_key), m.subject_key, m.object_type, m.reached_at, m.outcome, m.attempts, m.source, m.event_id,
    m.system, m.amount, m.currency, j.position, j.measure, j.is_end
FROM milestone_rows AS m FINAL
INNER JOIN (SELECT journey, milestone, position, measure, is_end FROM journey_milestones FINAL) AS j
    ON j.milestone = m.milestone AND j.journey = joinGet('scratch_nodes', 'journey', cityHash64(m.lifecycle_id))
WHERE m.lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
  AND (cityHash64(m.lifecycle_id), toString(m.milestone), cityHash64(m.subject_key)) NOT IN (SELECT lifecycle, toString(milestone), subject FROM scratch_milestones)
