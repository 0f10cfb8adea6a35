-- Question: which events carry an amount, whose is it, and how do their lines divide it? An event that names no object
-- brings no amount: nobody knows whose it is.
-- Cost: the step's events that carry an amount.
INSERT INTO scratch_priced
SELECT
    e.source, e.event_id, any(s.cluster), any(e.amount), groupUniqArray(e.lifecycle_id),
    arrayMap(l -> (l.1, l.2), arrayFilter(l -> l.1 != '', groupUniqArray((o.cluster, toFloat64(e.line.amount), e.place))))
FROM
(
    SELECT source, event_id, lifecycle_id, subject_key, amount, line, place
    FROM scratch_events
    LEFT ARRAY JOIN lines AS line, arrayEnumerate(lines) AS place
    WHERE amount != 0 AND confidence = 'declared'
) AS e
LEFT JOIN scratch_owners AS s ON s.node = e.subject_key
LEFT JOIN scratch_owners AS o ON o.node = e.line.object_key
GROUP BY e.source, e.event_id
