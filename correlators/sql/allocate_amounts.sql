-- Question: which part of each event's amount belongs to which of its lifecycles? By its lines, each by the share its object
-- has in each lifecycle; without lines by the share of its subject. An object's share comes from its own lines (an invoice), else
-- from its parents (a payment from its invoice), else in equal parts. Cents are never lost and never
-- made: what rounding leaves over goes to the largest part.
-- Grain: one amount of one event in one lifecycle. Cost: the step's events that carry an amount.
INSERT INTO scratch_amounts
WITH
    owners AS
    (
        SELECT cluster, groupUniqArray(lifecycle_id) AS lifecycle_ids
        FROM scratch_members WHERE NOT is_shown GROUP BY cluster
    ),
    clusters AS (SELECT DISTINCT node, cluster FROM scratch_members WHERE NOT is_shown),
    priced AS
    (
        SELECT e.source AS source, e.event_id AS event_id, any(e.subject_key) AS subject_key, any(e.lines) AS lines,
            any(e.amount) AS amount, groupUniqArray(e.lifecycle_id) AS lifecycle_ids
        FROM scratch_events AS e WHERE e.amount != 0 GROUP BY e.source, e.event_id
    ),
    line_parts AS
    (
        SELECT p.source AS source, p.event_id AS event_id, p.subject_key AS subject_key, c.cluster AS cluster,
            toFloat64(line.amount) AS part
        FROM priced AS p ARRAY JOIN p.lines AS line
        INNER JOIN clusters AS c ON c.node = line.object_key
    ),
    billed AS
    (
        SELECT s.cluster AS cluster, arrayJoin(o.lifecycle_ids) AS lifecycle_id, sum(l.part / length(o.lifecycle_ids)) AS part
        FROM line_parts AS l
        INNER JOIN owners AS o ON o.cluster = l.cluster
        INNER JOIN clusters AS s ON s.node = l.subject_key
        GROUP BY cluster, lifecycle_id
    ),
    own_shares AS
    (
        SELECT cluster, lifecycle_id, part / sum(part) OVER (PARTITION BY cluster) AS share FROM billed
    ),
    inherited AS
    (
        SELECT child.cluster AS cluster, s.lifecycle_id AS lifecycle_id, sum(s.share) AS part
        FROM relation_edges AS e FINAL
        INNER JOIN clusters AS child ON child.node = e.node
        INNER JOIN clusters AS parent ON parent.node = e.peer
        INNER JOIN own_shares AS s ON s.cluster = parent.cluster
        WHERE e.kind = 'part_of' AND e.direction = 'from' AND e.node IN (SELECT node FROM clusters)
          AND child.cluster NOT IN (SELECT cluster FROM billed)
        GROUP BY cluster, lifecycle_id
    ),
    shares AS
    (
        SELECT * FROM own_shares
        UNION ALL
        SELECT cluster, lifecycle_id, part / sum(part) OVER (PARTITION BY cluster) AS share FROM inherited
        UNION ALL
        SELECT cluster, arrayJoin(lifecycle_ids) AS lifecycle_id, 1 / length(lifecycle_ids) AS share
        FROM owners WHERE cluster NOT IN (SELECT cluster FROM billed) AND cluster NOT IN (SELECT cluster FROM inherited)
    ),
    weights AS
    (
        SELECT l.source AS source, l.event_id AS event_id, s.lifecycle_id AS lifecycle_id, sum(l.part * s.share) AS weight
        FROM line_parts AS l INNER JOIN shares AS s ON s.cluster = l.cluster
        GROUP BY source, event_id, lifecycle_id
        UNION ALL
        SELECT p.source AS source, p.event_id AS event_id, s.lifecycle_id AS lifecycle_id, any(s.share) AS weight
        FROM priced AS p
        INNER JOIN clusters AS c ON c.node = p.subject_key
        INNER JOIN shares AS s ON s.cluster = c.cluster
        WHERE (p.source, p.event_id) NOT IN (SELECT source, event_id FROM line_parts)
        GROUP BY source, event_id, lifecycle_id
        UNION ALL
        SELECT source, event_id, arrayJoin(lifecycle_ids) AS lifecycle_id, 1 AS weight
        FROM priced
        WHERE subject_key NOT IN (SELECT node FROM clusters) AND (source, event_id) NOT IN (SELECT source, event_id FROM line_parts)
    ),
    placed AS
    (
        SELECT w.source AS source, w.event_id AS event_id, w.lifecycle_id AS lifecycle_id, w.weight AS weight,
            sum(w.weight) OVER (PARTITION BY w.source, w.event_id) AS whole,
            row_number() OVER (PARTITION BY w.source, w.event_id ORDER BY w.weight DESC, w.lifecycle_id) AS place
        FROM weights AS w
    ),
    cents AS
    (
        SELECT w.source AS source, w.event_id AS event_id, w.lifecycle_id AS lifecycle_id, w.place AS place,
            toInt64(p.amount * 100) AS total, toInt64(floor(total * w.weight / w.whole + 1e-6)) AS part
        FROM placed AS w INNER JOIN priced AS p ON p.source = w.source AND p.event_id = w.event_id
    )
SELECT lifecycle_id, source, event_id,
    toDecimal64(part + (place = 1 ? total - sum(part) OVER (PARTITION BY source, event_id) : 0), 2) / 100
FROM cents
