-- Question: which objects have several ids? Each starts with the smallest label among its own and its neighbours'.
INSERT INTO scratch_labels
SELECT pair.1 AS node, min(pair.2), 0
FROM (SELECT arrayJoin([(start, start), (start, stop), (stop, start), (stop, stop)]) AS pair FROM scratch_edges WHERE kind = 'same_as')
GROUP BY node
