-- Question: which milestones do the journeys have, whose are they and who brings them about? Cost: a handful of rows.
SELECT journey, milestone, object_type, owner, systems FROM journey_milestones FINAL ORDER BY journey, position
