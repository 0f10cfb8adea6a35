-- Question: which part of each event's amount belongs to which of its lifecycles? By its lines, each by the share its object
-- has in each lifecycle; without lines by the share of its subject; where nothing is known, in equal parts. Only its own
-- lifecycles get any: what a line names that lies elsewhere, or nowhere yet, is theirs in equal parts. Cents are never
-- lost and never made: what rounding leaves over goes to the largest part.
-- Grain: one event. Cost: the step's events whose amount has to be divided.
INSERT INTO scratch_parts
WITH
    lifecycles -> arrayMap(l -> (l, 1 / length(lifecycles)), lifecycles) AS equal,
    shares -> arrayMap(h -> (h.1, h.2 / arraySum(shares.2)), shares) AS whole_of,
    divided AS
    (
        SELECT q.event AS event, q.amount AS amount, q.lifecycles AS lifecycles, part.1 AS cluster, part.2 AS weight
        FROM scratch_priced AS q
        ARRAY JOIN empty(q.lines) ? [(q.cluster, 1.)] : q.lines AS part
    ),
    weights AS
    (
        SELECT d.event AS event, any(d.amount) AS amount, share.1 AS lifecycle, sum(d.weight * share.2) AS weight
        FROM divided AS d
        LEFT JOIN scratch_shares AS s ON s.cluster = d.cluster
        ARRAY JOIN multiIf(
            abs(arraySum(arrayFilter(h -> has(d.lifecycles, h.1), s.shares).2)) > 1e-9, whole_of(arrayFilter(h -> has(d.lifecycles, h.1), s.shares)),
            notEmpty(arrayIntersect(d.lifecycles, joinGet('scratch_owners', 'owned', d.cluster))), equal(arrayIntersect(d.lifecycles, joinGet('scratch_owners', 'owned', d.cluster))),
            equal(d.lifecycles)) AS share
        GROUP BY event, lifecycle
    ),
    cents AS
    (
        SELECT
            event, lifecycle, toInt128(toDecimal128(amount, 2) * 100) AS total,
            sum(weight) OVER (PARTITION BY event) AS whole,
            abs(whole) < 1e-9 ? 1 / count() OVER (PARTITION BY event) : weight / whole AS share,
            toInt128(floor(toFloat64(total) * share + 1e-6)) AS part,
            row_number() OVER (PARTITION BY event ORDER BY weight DESC, joinGet('scratch_nodes', 'object_key', lifecycle)) AS place
        FROM weights
    )
SELECT event, mapFromArrays(groupArray(lifecycle), groupArray(exact))
FROM
(
    SELECT c.event AS event, c.lifecycle AS lifecycle,
        CAST(toDecimal128(c.part + (c.place = 1 ? c.total - sum(c.part) OVER (PARTITION BY c.event) : 0), 2) / 100, 'Decimal(18, 2)') AS exact
    FROM cents AS c
)
GROUP BY event
