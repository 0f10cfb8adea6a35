-- Question: the keys of the objects of an export, after the last one of the page before: those its events name, and,
-- where it is no excerpt, those that were declared or that a declared one refers to. An object of the type `unknown` that
-- nobody declared is left out with `leaves_unknown`: it was a reference to nothing. Parameters: after String, limit UInt32,
-- leaves_unknown Bool, is_whole Bool, and those of page_events. Grain: one object. Cost: all events of the export.
SELECT key AS object_key
FROM
(
    SELECT DISTINCT arrayJoin(arrayMap(o -> concat(o.system, ':', o.object_type, ':', o.id), e.objects)) AS key
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
    UNION DISTINCT
    SELECT arrayJoin(arrayConcat([object_key], links.to_key)) AS key
    FROM object_declarations FINAL
    WHERE {is_whole:Bool}
)
WHERE key > {after:String}
  AND (NOT {leaves_unknown:Bool} OR splitByChar(':', key)[2] != 'unknown' OR key IN
      (SELECT object_key FROM object_declarations WHERE {leaves_unknown:Bool} AND {is_whole:Bool}))
ORDER BY key
LIMIT {limit:UInt32}
