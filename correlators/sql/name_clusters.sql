-- Question: what is each cluster called? As its member that happened to be named first, by the time of the events: so that
-- a time entry keeps its name when the ERP gives it a second id. Grain: one object. Cost: the keys of objects with two ids.
INSERT INTO scratch_identities
WITH
    labels AS (SELECT node, min(cluster) AS label FROM scratch_clusters GROUP BY node),
    several AS (SELECT node, label FROM labels WHERE label IN (SELECT label FROM labels GROUP BY label HAVING count() > 1)),
    seen AS
    (
        SELECT key AS node, min(occurred_at) AS first_seen FROM event_keys FINAL
        WHERE key IN (SELECT node FROM several) GROUP BY key
    ),
    names AS
    (
        SELECT s.label AS label, argMin(s.node, (seen.first_seen = toDateTime64(0, 3), seen.first_seen, s.node)) AS name
        FROM several AS s LEFT JOIN seen ON seen.node = s.node
        GROUP BY label
    )
SELECT l.node, n.name = '' ? l.label : n.name
FROM labels AS l LEFT JOIN names AS n ON n.label = l.label
