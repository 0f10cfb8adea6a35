-- Question: which checkpoints does this lifecycle have, in journey order, and how far is each?
-- Parameters: id String. State `late`: a promise that this step would keep is breached, `late` of them, even where the step
-- was done for other objects. Grain: one milestone. Cost: the rows of one lifecycle.
SELECT
    milestone, owner, object_type, is_optional, state, subjects AS reached, failed, late, out_of_order, extra, due_at,
    reached_at AS first_at, last_reached_at AS last_at, amount, currency
FROM conformance
WHERE lifecycle_id = {id:String}
ORDER BY position
