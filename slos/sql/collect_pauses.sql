-- Question: when did each clock stand still, on the axis of open time? By the pause conditions of its SLA, each time one
-- held, and by exclusions. What overlaps counts once. A condition on milestones of another object type holds when it
-- holds for any such object of the lifecycle.
-- Parameters: judged_at DateTime64(3). Grain: one clock that has pauses. Cost: those clocks, and the events of their
-- lifecycles that begin or end a pause. The open time before an instant is that before the last stretch that opened by
-- then, and as much of the stretch as had passed.
INSERT INTO scratch_pauses
WITH
    spans AS (SELECT toString(calendar) AS calendar, toUnixTimestamp64Milli(opens_at) AS opens_ms,
        toUnixTimestamp64Milli(closes_at) AS closes_ms, open_before_ms FROM calendar_spans FINAL),
    conditions AS
    (
        SELECT d.sla AS sla, d.pause.reason AS reason, d.pause.start_milestone AS start_milestone,
            d.pause.stop_milestone AS stop_milestone, m.object_type = d.object_type AS is_own
        FROM (SELECT toString(sla) AS sla, journey, object_type, arrayJoin(pauses) AS pause FROM sla_definitions FINAL) AS d
        LEFT JOIN (SELECT journey, milestone, object_type FROM journey_milestones FINAL) AS m
            ON m.journey = d.journey AND m.milestone = d.pause.start_milestone
    ),
    wanted AS (SELECT arrayJoin([start_milestone, stop_milestone]) AS milestone FROM conditions),
    events AS
    (
        SELECT lifecycle_id, toString(milestone) AS milestone, object_key, toUnixTimestamp64Milli(occurred_at) AS at_ms
        FROM lifecycle_event_rows FINAL
        WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_touched) AND outcome != 'failure' AND milestone IN (SELECT milestone FROM wanted)
    ),
    marks AS
    (
        SELECT lifecycle_id, toString(milestone) AS milestone, subject_key, toUnixTimestamp64Milli(reached_at) AS at_ms
        FROM milestone_rows FINAL
        WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_touched) AND outcome = 'success' AND milestone IN (SELECT milestone FROM wanted)
        UNION DISTINCT
        SELECT e.lifecycle_id, e.milestone, o.cluster_key != '' ? o.cluster_key : e.object_key, e.at_ms
        FROM events AS e
        LEFT JOIN
        (
            SELECT lifecycle_id, object_key, cluster_key FROM lifecycle_object_rows FINAL WHERE object_key IN (SELECT object_key FROM events)
        ) AS o ON o.lifecycle_id = e.lifecycle_id AND o.object_key = e.object_key
    ),
    held AS
    (
        SELECT sla, reason, is_own, lifecycle_id, subject_key, arrayJoin(begins) AS from_ms, arrayFirst(at -> at >= from_ms, ends) AS until_ms
        FROM
        (
            SELECT c.sla AS sla, c.reason AS reason, c.is_own AS is_own, m.lifecycle_id AS lifecycle_id, m.subject_key AS subject_key,
                groupArrayIf(m.at_ms, m.milestone = c.start_milestone) AS begins, arraySort(groupArrayIf(m.at_ms, m.milestone = c.stop_milestone)) AS ends
            FROM marks AS m
            INNER JOIN (SELECT *, arrayJoin([start_milestone, stop_milestone]) AS milestone FROM conditions) AS c ON c.milestone = m.milestone
            GROUP BY sla, reason, is_own, c.start_milestone, c.stop_milestone, lifecycle_id, subject_key
        )
    ),
    stood AS
    (
        SELECT c.sla AS sla, c.lifecycle_id AS lifecycle_id, c.subject_key AS subject_key, c.calendar AS calendar, c.started_ms AS started_ms,
            c.end_ms AS end_ms, c.is_stopped AS is_stopped, h.reason AS reason, h.from_ms AS from_ms, h.until_ms AS until_ms
        FROM scratch_clocks AS c INNER JOIN held AS h ON h.sla = c.sla AND h.lifecycle_id = c.lifecycle_id
        WHERE NOT h.is_own OR h.subject_key = c.subject_key
        UNION ALL
        SELECT c.sla, c.lifecycle_id, c.subject_key, c.calendar, c.started_ms, c.end_ms, c.is_stopped, 'excluded', x.from_ms, x.until_ms
        FROM scratch_clocks AS c
        CROSS JOIN
        (
            SELECT slas, legal_entities, regions, toUnixTimestamp64Milli(starts_at) AS from_ms, toUnixTimestamp64Milli(ends_at) AS until_ms
            FROM sla_exclusions FINAL
        ) AS x
        WHERE x.from_ms < c.end_ms AND x.until_ms > c.started_ms
          AND (empty(x.slas) OR has(x.slas, c.sla)) AND (empty(x.legal_entities) OR has(x.legal_entities, c.legal_entity))
          AND (empty(x.regions) OR has(x.regions, c.region))
    ),
    clipped AS
    (
        SELECT sla, lifecycle_id, subject_key, calendar, reason, NOT is_stopped AND (until_ms = 0 OR until_ms > end_ms) AS is_on,
            greatest(from_ms, started_ms) AS begins_ms, until_ms = 0 ? end_ms : least(until_ms, end_ms) AS ends_ms
        FROM stood
        WHERE ends_ms > begins_ms
    ),
    begun AS
    (
        SELECT p.*, s.open_before_ms + least(p.begins_ms, s.closes_ms) - s.opens_ms AS from_open_ms
        FROM clipped AS p ASOF LEFT JOIN spans AS s ON s.calendar = p.calendar AND s.opens_ms <= p.begins_ms
    ),
    ended AS
    (
        SELECT p.*, s.open_before_ms + least(p.ends_ms, s.closes_ms) - s.opens_ms AS until_open_ms
        FROM begun AS p ASOF LEFT JOIN spans AS s ON s.calendar = p.calendar AND s.opens_ms <= p.ends_ms
    ),
    apart AS
    (
        SELECT sla, lifecycle_id, subject_key, is_on, reason, until_open_ms,
            greatest(from_open_ms, max(until_open_ms) OVER (PARTITION BY sla, lifecycle_id, subject_key
                ORDER BY from_open_ms, until_open_ms, is_on ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS counted_from_ms
        FROM ended
    )
SELECT
    sla, lifecycle_id, subject_key,
    arraySort(groupArray((counted_from_ms, greatest(0, until_open_ms - counted_from_ms), is_on, reason)))
FROM apart
WHERE until_open_ms > counted_from_ms OR is_on
GROUP BY sla, lifecycle_id, subject_key
