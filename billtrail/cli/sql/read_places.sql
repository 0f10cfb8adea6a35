-- Question: through which objects, or by which weaker tie, is an id in a lifecycle? The id is an object's, with or without
-- system and type, or an event's, or that of a run or a trace.
-- Parameters: id, lifecycle_id String. Grain: one object. Cost: the objects and events of one lifecycle.
SELECT DISTINCT object_key, event_id, confidence FROM
(
    SELECT object_key, '' AS event_id, 'declared' AS confidence FROM lifecycle_objects
    WHERE lifecycle_id = {lifecycle_id:String} AND (object_key = {id:String} OR endsWith(object_key, concat(':', {id:String})))
    UNION ALL
    SELECT object_key, event_id, confidence FROM lifecycle_events
    WHERE lifecycle_id = {lifecycle_id:String}
      AND (event_id = {id:String} OR correlation_id = {id:String} OR trace_id = lower({id:String}))
)
ORDER BY object_key, event_id
LIMIT 20
