-- Question: how are objects without lines of their own divided? As what they are part of (a payment as its invoices), once
-- that is known. Repeated until nothing more can be said; what is left then is divided equally.
-- Grain: one object that several lifecycles hold. Cost: the relations above those.
INSERT INTO scratch_shares
WITH
    {{part whole}},
    {{part inheriting}}
SELECT cluster, whole_of(groupArray((lifecycle, part)))
FROM
(
    SELECT i.cluster AS cluster, share.1 AS lifecycle, sum(share.2) AS part
    FROM inheriting AS i
    LEFT JOIN scratch_shares AS s ON s.cluster = i.parent
    ARRAY JOIN arrayFilter(h -> has(i.holders, h.1), length(i.above) = 1 ? [(i.above[1], 1.)] : s.shares) AS share
    GROUP BY cluster, lifecycle
)
GROUP BY cluster
