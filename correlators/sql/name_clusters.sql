-- Question: what is each cluster called? As its member that was named first, by the time of the events: so that a time entry
-- keeps its name when the ERP gives it a second id. Grain: one object.
INSERT INTO scratch_clusters
WITH final AS (SELECT node, min(label) AS label FROM scratch_labels GROUP BY node)
SELECT f.node, n.name
FROM final AS f
INNER JOIN
(
    SELECT label, argMin(node, (joinGet('scratch_nodes', 'first_seen', node), joinGet('scratch_nodes', 'object_key', node))) AS name
    FROM final GROUP BY label
) AS n ON n.label = f.label
