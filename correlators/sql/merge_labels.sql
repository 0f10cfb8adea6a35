-- Question: which objects learn a smaller label from an object that is the same thing? Repeated until none does.
-- Parameters: round UInt16. Cost: the same_as edges of the step.
INSERT INTO scratch_labels
WITH current AS (SELECT node, min(label) AS label FROM scratch_labels GROUP BY node)
SELECT e.node, min(theirs.label) AS smaller, {round:UInt16}
FROM
(
    SELECT arrayJoin([(start, stop), (stop, start)]) AS pair, pair.1 AS node, pair.2 AS peer
    FROM scratch_edges WHERE kind = 'same_as'
) AS e
INNER JOIN current AS mine ON mine.node = e.node
INNER JOIN current AS theirs ON theirs.node = e.peer
GROUP BY e.node
HAVING smaller < any(mine.label)
