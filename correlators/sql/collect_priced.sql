-- Question: which events carry an amount that has to be divided, whose is it, and how do their lines divide it? An event that
-- names no object brings no amount: nobody knows whose it is.
-- Cost: the step's events with lines or in several lifecycles.
INSERT INTO scratch_priced
SELECT event, joinGet('scratch_owners', 'cluster', cityHash64(subject_key)), worth, lifecycles,
    arrayFilter(l -> l.1 != 0, arrayMap(l -> (joinGet('scratch_owners', 'cluster', cityHash64(l.object_key)), toFloat64(l.amount)), lines))
FROM scratch_placed
WHERE worth != 0 AND confidence = 'declared' AND (length(lifecycles) > 1 OR notEmpty(lines))
