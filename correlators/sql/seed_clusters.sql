-- Question: every object reached starts as a cluster of its own.
INSERT INTO scratch_clusters SELECT DISTINCT node, node, 0 FROM scratch_nodes
