-- Question: how do an object's own lines divide it over lifecycles (an invoice over two contracts)?
-- Grain: one share of one object. Cost: the step's events with lines.
INSERT INTO scratch_shares
SELECT cluster, lifecycle_id,
    abs(sum(part) OVER (PARTITION BY cluster)) < 0.005 ? 1 / count() OVER (PARTITION BY cluster) : part / sum(part) OVER (PARTITION BY cluster)
FROM
(
    SELECT p.cluster AS cluster, lifecycle_id, sum(p.line.part / length(o.lifecycle_ids)) AS part
    FROM (SELECT cluster, line FROM scratch_priced ARRAY JOIN lines AS line WHERE cluster != '') AS p
    INNER JOIN (SELECT DISTINCT cluster, lifecycle_ids FROM scratch_owners) AS o ON o.cluster = p.line.cluster
    ARRAY JOIN o.lifecycle_ids AS lifecycle_id
    GROUP BY cluster, lifecycle_id
)
