-- Question: how do an object's own lines divide it between the lifecycles that hold it (an invoice over two contracts)?
-- Grain: one object that several hold. Cost: the step's events with lines.
INSERT INTO scratch_shares
WITH
    {{part whole}}
SELECT cluster, whole_of(groupArray((lifecycle, part)))
FROM
(
    SELECT p.cluster AS cluster, lifecycle, sum(line.part / length(joinGet('scratch_owners', 'owned', line.cluster))) AS part
    FROM (SELECT cluster, joinGet('scratch_owners', 'owned', cluster) AS holders, arrayJoin(lines) AS line FROM scratch_priced WHERE length(holders) > 1) AS p
    ARRAY JOIN arrayIntersect(p.holders, joinGet('scratch_owners', 'owned', line.cluster)) AS lifecycle
    GROUP BY cluster, lifecycle
)
GROUP BY cluster
