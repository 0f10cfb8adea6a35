-- Question: which checkpoints does this lifecycle have, in the journey's order, and how does each stand?
-- Parameters: lifecycle_id String. Columns: milestone, state, reached_at (null: never), reached (how many objects), owner.
-- Grain: one milestone. Cost: one key of lifecycle_rows and of milestone_rows.
WITH
    (SELECT any((milestone_states, milestones)) FROM lifecycles WHERE lifecycle_id = {lifecycle_id:String}) AS known,
    reached_rows AS
    (
        SELECT milestone, count() AS objects FROM milestones
        WHERE lifecycle_id = {lifecycle_id:String} AND outcome = 'success' GROUP BY milestone
    )
SELECT
    j.milestone AS milestone,
    known.1[j.milestone] AS state,
    if(mapContains(known.2, j.milestone), known.2[j.milestone], NULL) AS reached_at,
    r.objects AS reached,
    j.owner AS owner
FROM journey_milestones AS j FINAL
LEFT JOIN reached_rows AS r ON r.milestone = j.milestone
WHERE mapContains(known.1, j.milestone)
ORDER BY j.position
