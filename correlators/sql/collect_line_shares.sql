-- Question: how do an object's own lines divide it over lifecycles (an invoice over two contracts)?
-- Grain: one share of one object. Cost: the step's events with lines.
INSERT INTO scratch_shares
SELECT cluster, lifecycle,
    abs(sum(part) OVER (PARTITION BY cluster)) < 0.005 ? 1 / count() OVER (PARTITION BY cluster) : part / sum(part) OVER (PARTITION BY cluster)
FROM
(
    SELECT p.cluster AS cluster, lifecycle, sum(line.part / length(joinGet('scratch_owners', 'owned', line.cluster))) AS part
    FROM (SELECT cluster, arrayJoin(lines) AS line FROM scratch_priced WHERE cluster != 0) AS p
    ARRAY JOIN joinGet('scratch_owners', 'owned', line.cluster) AS lifecycle
    GROUP BY cluster, lifecycle
)
