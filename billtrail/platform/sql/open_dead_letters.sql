-- Question: what could not be used and was not replayed? Columns: reason, value. Cost: one pass over dead_letter_rows.
SELECT reason, count() AS value FROM dead_letters WHERE replayed_at IS NULL GROUP BY reason ORDER BY reason
