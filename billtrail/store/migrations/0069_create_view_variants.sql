-- Public view: the ways lifecycles take: which milestones they reached, in the order in which each was first reached (by the
-- journey's order where two were at one instant). Superseded lifecycles are left out. Grain: one way of one journey.
-- `share` is its part of the journey's lifecycles; `median_ms` from the first milestone to the last; `example` the lifecycle that was
-- last heard of. Cost: one pass over lifecycles: their milestones are sorted as numbers, and named again once per way.
CREATE VIEW variants {{on_cluster}} AS
WITH
    (SELECT groupArray(milestone) FROM (SELECT toString(milestone) AS milestone FROM journey_milestones FINAL ORDER BY journey, position)) AS names,
    arrayEnumerate(names) AS places,
    arrayMap(place -> names[place], arrayFilter(place -> place != 0, w.steps)) AS path
SELECT
    toString(w.journey) AS journey, hex(cityHash64(path)) AS variant, path,
    w.lifecycles AS lifecycles, w.lifecycles / sum(w.lifecycles) OVER (PARTITION BY w.journey) AS share, w.median_ms AS median_ms, w.example AS example
FROM
(
    SELECT
        journey, steps, count() AS lifecycles, toInt64(quantileExact(0.5)(took_ms)) AS median_ms,
        argMax(lifecycle_id, (last_event_at, lifecycle_id)) AS example
    FROM
    (
        SELECT
            lifecycle_id, journey, last_event_at, mapValues(milestones) AS instants,
            arrayMap(at -> bitAnd(at, 1023), arraySort(arrayMap((name, at) -> toUnixTimestamp64Milli(at) * 1024 + transform(name, names, places, 0),
                mapKeys(milestones), instants))) AS steps,
            dateDiff('millisecond', arrayMin(instants), arrayMax(instants)) AS took_ms
        FROM lifecycle_rows FINAL
        WHERE state != 'superseded' AND notEmpty(milestones)
    )
    GROUP BY journey, steps
) AS w
