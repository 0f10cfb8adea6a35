-- Question: through which objects, or by which weaker tie, is an id in a lifecycle? The id is an object's, with or without
-- system and type, or an event's, or that of a run or a trace. The root's own id stands for the events without objects, too.
-- Parameters: id, lifecycle_id String. Columns: from_key (the object, or correlation_id::x or trace::x), object_key, event_id,
-- confidence, places (how many there are; the first 20 are told). Grain: one object, or one event.
-- Cost: the objects and events of one lifecycle.
WITH held AS (SELECT object_key FROM lifecycle_objects WHERE lifecycle_id = {lifecycle_id:String})
SELECT from_key, object_key, event_id, confidence, count() OVER () AS places FROM
(
    SELECT from_key, object_key, event_id, confidence FROM
    (
        SELECT object_key AS from_key, object_key, '' AS event_id, 'declared' AS confidence FROM held
        WHERE object_key = {id:String} OR endsWith(object_key, concat(':', {id:String}))
        UNION ALL
        SELECT e.object_key AS from_key, e.object_key AS object_key, e.event_id AS event_id, 'declared' AS confidence
        FROM
        (
            SELECT event_id, occurred_at, source, position, object_key
            FROM
            (
                SELECT event_id, occurred_at, source, arrayConcat([object_key], arrayMap(o -> concat(o.system, ':', o.object_type, ':', o.id),
                    arrayFilter(o -> o.qualifier NOT IN ('reference', 'origin'), objects)), links.from_key, links.to_key) AS named
                FROM lifecycle_event_rows FINAL
                WHERE lifecycle_id = {lifecycle_id:String} AND confidence = 'declared'
                  AND (event_id = {id:String} OR correlation_id = {id:String} OR trace_id = lower({id:String}))
            )
            ARRAY JOIN named AS object_key, arrayEnumerate(named) AS position
        ) AS e
        WHERE e.object_key IN held
        ORDER BY e.position
        LIMIT 1 BY e.source, e.event_id
        UNION ALL
        SELECT concat(confidence, '::', confidence = 'trace' ? trace_id : correlation_id) AS from_key, object_key, event_id, confidence
        FROM lifecycle_events
        WHERE lifecycle_id = {lifecycle_id:String} AND confidence != 'declared'
          AND (event_id = {id:String} OR correlation_id = {id:String} OR trace_id = lower({id:String})
              OR endsWith(concat(':', lifecycle_id), concat(':', {id:String})))
    )
    LIMIT 1 BY from_key, event_id
)
ORDER BY event_id != '', from_key, event_id
LIMIT 20
