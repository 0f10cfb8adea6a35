-- Question: which part of each event's amount belongs to which of its lifecycles? By its lines, each by the share its object
-- has in each lifecycle; without lines by the share of its subject; where nothing is known, in equal parts. Cents are never
-- lost and never made: what rounding leaves over goes to the largest part.
-- Grain: one amount of one event in one lifecycle. Cost: the step's events that carry an amount.
INSERT INTO scratch_amounts
WITH
    parts AS
    (
        SELECT q.source AS source, q.event_id AS event_id, q.amount AS amount, q.lifecycle_ids AS lifecycle_ids,
            divided.1 AS cluster, divided.2 AS weight
        FROM scratch_priced AS q
        ARRAY JOIN empty(q.lines) ? [(q.cluster, 1.)] : q.lines AS divided
    ),
    weights AS
    (
        SELECT
            p.source AS source, p.event_id AS event_id, any(p.amount) AS amount, share.1 AS lifecycle_id,
            sum(p.weight * share.2) AS weight
        FROM parts AS p
        LEFT JOIN
        (
            SELECT cluster, groupArray((lifecycle_id, share)) AS shares FROM scratch_shares GROUP BY cluster
        ) AS s ON s.cluster = p.cluster
        LEFT JOIN (SELECT DISTINCT cluster, lifecycle_ids FROM scratch_owners) AS o ON o.cluster = p.cluster
        ARRAY JOIN multiIf(
            notEmpty(s.shares), s.shares,
            notEmpty(o.lifecycle_ids), arrayMap(l -> (l, 1 / length(o.lifecycle_ids)), o.lifecycle_ids),
            arrayMap(l -> (l, 1 / length(p.lifecycle_ids)), p.lifecycle_ids)) AS share
        GROUP BY source, event_id, lifecycle_id
    ),
    cents AS
    (
        SELECT
            source, event_id, lifecycle_id, toInt128(toDecimal128(amount, 2) * 100) AS total,
            sum(weight) OVER (PARTITION BY source, event_id) AS whole,
            abs(whole) < 1e-9 ? 1 / count() OVER (PARTITION BY source, event_id) : weight / whole AS share,
            toInt128(floor(toFloat64(total) * share + 1e-6)) AS part,
            row_number() OVER (PARTITION BY source, event_id ORDER BY weight DESC, lifecycle_id) AS place
        FROM weights
    )
SELECT c.lifecycle_id, c.source, c.event_id,
    toDecimal128(c.part + (c.place = 1 ? c.total - sum(c.part) OVER (PARTITION BY c.source, c.event_id) : 0), 2) / 100
FROM cents AS c
