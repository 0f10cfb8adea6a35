-- Question: do the ids of the events and objects of an export suffice to tell them apart, without source and system?
-- Parameters: those of page_object_keys but after and limit. Grain: one row. Cost: all events and declarations.
WITH
    chosen AS
    (
        SELECT e.source AS source, e.event_id AS event_id, e.system AS system, e.objects AS objects
        FROM event_versions AS e FINAL
        WHERE NOT e.is_withdrawn AND e.segment <= {upto:UInt64}
          AND e.occurred_at >= {since:DateTime64(3, 'UTC')}
          AND (NOT {is_excerpt:Bool} OR (e.source, e.event_id) IN
          (
              SELECT source, event_id FROM lifecycle_events
              WHERE {is_excerpt:Bool} AND lifecycle_id IN
              (
                  SELECT lifecycle_id FROM lifecycles
                  WHERE ({journey:String} = '' OR journey = {journey:String})
                    AND (empty({lifecycles:Array(String)}) OR has({lifecycles:Array(String)}, lifecycle_id))
              )
          ))
    ),
    named AS
    (
        SELECT DISTINCT arrayJoin(arrayMap(o -> concat(o.system, ':', o.object_type, ':', o.id), objects)) AS key FROM chosen
        UNION DISTINCT
        SELECT arrayJoin(arrayConcat([object_key], links.to_key)) AS key FROM object_declarations FINAL WHERE {is_whole:Bool}
    )
SELECT
    (SELECT count() = uniqExact(event_id) AND countIf(startsWith(event_id, concat(source, ' '))) = 0 FROM chosen) AS are_events_plain,
    (SELECT countIf(arrayExists(o -> o.object_type = 'unknown' AND o.system != system, objects)) = 0 FROM chosen) AS is_unknown_at_home,
    count() = uniqExact(id) AND uniqExact(system) <= 1 AND countIf(startsWith(id, concat(system, ':', type, ':'))) = 0
        AND is_unknown_at_home AS are_objects_plain,
    if(are_objects_plain, countIf(type != 'unknown' OR key IN (SELECT object_key FROM object_declarations)), count()) AS objects,
    (SELECT count() FROM chosen) AS events
FROM
(
    SELECT key, splitByChar(':', key)[1] AS system, splitByChar(':', key)[2] AS type,
        substring(key, length(system) + length(type) + 3) AS id
    FROM named
)
