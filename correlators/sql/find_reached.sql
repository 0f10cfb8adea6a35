-- Question: which event reached which milestone, and whose? Of the objects it names that are of the milestone's type, or of
-- the lifecycle itself where it names none.
-- Grain: one milestone of one subject by one event. Cost: the step's events.
INSERT INTO scratch_reached
WITH
    known AS (SELECT object_type, min(journey) AS journey FROM journey_types FINAL GROUP BY object_type),
    members AS (SELECT DISTINCT lifecycle_id, node, cluster FROM scratch_members WHERE is_rewritten)
SELECT DISTINCT r.lifecycle_id, r.source, r.event_id, r.milestone, r.position, r.measure, r.is_end, r.object_type, m.cluster
FROM
(
    SELECT
        e.lifecycle_id AS lifecycle_id, e.source AS source, e.event_id AS event_id, j.milestone AS milestone, j.position AS position,
        j.measure AS measure, j.is_end AS is_end, j.object_type AS object_type,
        arrayFilter(k -> splitByChar(':', k)[2] = j.object_type, e.object_keys) AS named,
        arrayJoin(empty(named) ? [e.lifecycle_id] : named) AS node
    FROM scratch_events AS e
    INNER JOIN known AS t ON t.object_type = splitByChar(':', e.lifecycle_id)[2]
    INNER JOIN (SELECT * FROM journey_milestones FINAL) AS j ON j.journey = t.journey AND j.event_type = e.event_type
    WHERE e.is_rewritten
      AND (empty(j.systems) OR has(j.systems, e.system))
      AND arrayAll((k, v) -> e.attributes[k] = v, mapKeys(j.conditions), mapValues(j.conditions))
) AS r
INNER JOIN members AS m ON m.lifecycle_id = r.lifecycle_id AND m.node = r.node
