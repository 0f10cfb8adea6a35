-- Question: which events or spans of these correlation ids and traces name objects of a lifecycle?
-- Parameters: keys Array(String) (correlation_id::x or trace::x), lifecycle_id String. Columns: a relation's; event_id is
-- span::TRACE/SPAN where a span names the object. Grain: one tie to one object, by the first that names it: events come before spans.
-- Cost: the events of one lifecycle, those keys of span_keys.
SELECT key AS from_key, named AS to_key, 'correlated' AS kind,
    startsWith(key, 'trace::') ? 'same-trace' : 'same-correlation-id' AS rule, splitByString('::', key)[1] AS confidence, proof AS event_id
FROM
(
    SELECT 1 AS place, occurred_at, event_id AS proof, subject,
        arrayJoin(arrayIntersect({keys:Array(String)}, [concat('correlation_id::', correlation_id), concat('trace::', trace_id)])) AS key,
        arrayJoin(names) AS named
    FROM
    (
        SELECT occurred_at, event_id, correlation_id, trace_id, object_key AS subject, arrayConcat([object_key], arrayMap(o -> concat(o.system, ':', o.object_type, ':', o.id),
            arrayFilter(o -> o.qualifier NOT IN ('reference', 'origin'), objects)), links.from_key, links.to_key) AS names
        FROM lifecycle_event_rows FINAL
        WHERE lifecycle_id = {lifecycle_id:String} AND confidence = 'declared'
    )
    UNION ALL
    SELECT 2, toDateTime64(0, 3, 'UTC'), concat('span::', trace_id, '/', span_id), '', key, arrayJoin(object_keys)
    FROM span_keys FINAL
    WHERE key IN {keys:Array(String)}
)
WHERE named IN (SELECT object_key FROM lifecycle_objects WHERE lifecycle_id = {lifecycle_id:String})
  AND (subject, named) NOT IN
  (
      SELECT arrayJoin([(from_key, to_key), (to_key, from_key)]) FROM people_links FINAL WHERE decision = 'unlink'
  )
ORDER BY key, place, occurred_at, proof, named
LIMIT 1 BY key, named
