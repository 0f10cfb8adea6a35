-- Question: which checkpoints does this lifecycle have, in the journey's order, and how does each stand?
-- Parameters: lifecycle_id String. Columns: milestone, state, reached_at (null: never), due_at (null: no promise waits for
-- it), reached, failed, late, out_of_order, extra (how many objects), attempts, owner.
-- Grain: one milestone. Cost: one lifecycle.
SELECT milestone, state, reached_at, due_at, subjects AS reached, failed, late, out_of_order, extra, attempts, owner
FROM conformance
WHERE lifecycle_id = {lifecycle_id:String}
ORDER BY position
