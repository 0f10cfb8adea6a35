-- Question: in which lifecycles does an event name one of these objects, which is it, and which event was the last?
-- Parameters: keys, ids (the last parts of the keys) Array(String).
-- Columns: lifecycle_id, object_key, event_id, named_at. Grain: lifecycle and object, those named last first, at most 50 lifecycles.
-- Cost: one pass over the ids of the objects of lifecycle_event_rows, and the events of the lifecycles found.
SELECT lifecycle_id, object_key, argMax(event_id, (e.occurred_at, e.event_id)) AS event_id, max(e.occurred_at) AS named_at
FROM
(
    SELECT lifecycle_id, occurred_at, event_id, arrayJoin(arrayMap(o -> concat(o.system, ':', o.object_type, ':', o.id), objects)) AS object_key
    FROM lifecycle_event_rows FINAL
    WHERE lifecycle_id IN (SELECT lifecycle_id FROM lifecycle_event_rows WHERE hasAny(objects.id, {ids:Array(String)}))
) AS e
WHERE object_key IN {keys:Array(String)}
GROUP BY lifecycle_id, object_key
ORDER BY named_at DESC, lifecycle_id, object_key
LIMIT 50
