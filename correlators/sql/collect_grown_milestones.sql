-- Question: which milestones did the lifecycles that only grow reach before? Added after the new ones were written, with what
-- the lifecycle needs of them and nothing else.
-- Cost: narrow columns of the stored milestones of those lifecycles.
INSERT INTO scratch_milestones (lifecycle, milestone, subject, subject_key, reached_at, outcome, amount, position, measure, is_end)
SELECT
    cityHash64(m.lifecycle_id) AS lifecycle, m.milestone, cityHash64(m.subject_key) AS subject, j.measure = 'invoiced' ? m.subject_key : '',
    m.reached_at, m.outcome, m.amount, j.position AS position, j.measure, j.is_end
FROM milestone_rows AS m FINAL
INNER JOIN (SELECT journey, milestone, position, measure, is_end FROM journey_milestones FINAL) AS j
    ON j.milestone = m.milestone AND j.journey = joinGet('scratch_nodes', 'journey', cityHash64(m.lifecycle_id))
WHERE m.lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
  AND (lifecycle, position, subject) NOT IN (SELECT lifecycle, position, subject FROM scratch_milestones)
