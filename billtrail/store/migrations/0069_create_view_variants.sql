-- Public view: the ways lifecycles take: which milestones they reached, in the order in which each was first reached (by the
-- journey's order where two were at one instant). Superseded lifecycles are left out. Grain: one way of one journey.
-- `share` is its part of the journey's lifecycles; `median_ms` from the first milestone to the last. Cost: one pass over lifecycles.
CREATE VIEW variants {{on_cluster}} AS
WITH steps AS (SELECT journey, groupArray(milestone) AS declared FROM (SELECT journey, toString(milestone) AS milestone FROM journey_milestones FINAL ORDER BY journey, position) GROUP BY journey)
SELECT
    w.journey AS journey, hex(cityHash64(w.path)) AS variant, w.path AS path,
    count() AS lifecycles,
    lifecycles / sum(lifecycles) OVER (PARTITION BY journey) AS share,
    toInt64(quantileExact(0.5)(w.took_ms)) AS median_ms,
    argMax(w.lifecycle_id, (w.last_event_at, w.lifecycle_id)) AS example
FROM
(
    SELECT
        l.lifecycle_id AS lifecycle_id, toString(l.journey) AS journey, l.last_event_at AS last_event_at,
        arraySort((name, at) -> (at, indexOf(s.declared, name)), arrayMap(name -> toString(name), mapKeys(l.milestones)), mapValues(l.milestones)) AS path,
        dateDiff('millisecond', arrayMin(mapValues(l.milestones)), arrayMax(mapValues(l.milestones))) AS took_ms
    FROM (SELECT lifecycle_id, journey, last_event_at, milestones FROM lifecycle_rows FINAL WHERE state != 'superseded' AND notEmpty(milestones)) AS l
    INNER JOIN steps AS s ON s.journey = l.journey
) AS w
GROUP BY journey, path
