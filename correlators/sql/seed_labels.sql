-- Question: which objects have several ids? Each starts with its own label.
INSERT INTO scratch_labels
SELECT DISTINCT arrayJoin([start, stop]) AS node, node, 0 FROM scratch_edges WHERE kind = 'same_as'
