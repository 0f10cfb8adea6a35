-- Question: which amounts were told of the things whose other events take theirs from them? Grain: one thing.
-- Cost: the step's events; run only when there are such.
INSERT INTO scratch_told_amounts
SELECT joinGet('scratch_owners', 'cluster', cityHash64(subject_key)) AS cluster, arraySort(groupArray((occurred_at, event, amount, toString(currency))))
FROM scratch_events
WHERE amount != 0 AND NOT takes_amount AND subject_key != '' AND cluster != 0 AND cluster IN
(
    SELECT joinGet('scratch_owners', 'cluster', cityHash64(subject_key)) FROM scratch_events WHERE takes_amount
)
GROUP BY cluster
