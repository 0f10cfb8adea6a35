-- Question: the business events of an export, in the order of their keys, after the last one of the page before.
-- Parameters: after_source String, after_id String, limit UInt32, upto UInt64, the last segment there was when the export
-- began, since DateTime64(3), is_excerpt Bool, journey String and lifecycles Array(String), where empty is any; the last
-- two count in an excerpt alone. Grain: one event.
-- Cost: the events of the page; in an excerpt the events of its lifecycles too.
SELECT
    e.source AS source, e.event_id AS event_id, e.system AS system, e.event_type AS event_type,
    e.occurred_at AS occurred_at, e.correlation_id AS correlation_id, e.trace_id AS trace_id, e.objects AS objects,
    e.links AS links, arrayMap(l -> (l.object_key, toString(l.amount)), e.lines) AS lines,
    toString(e.amount) AS amount, e.currency AS currency, e.client AS client, e.region AS region,
    e.legal_entity AS legal_entity, e.billing_model AS billing_model, e.owner AS owner, e.outcome AS outcome,
    e.error_category AS error_category, e.attributes AS attributes, e.sequence AS sequence
FROM event_versions AS e FINAL
WHERE NOT e.is_withdrawn AND e.segment <= {upto:UInt64}
  AND (e.source > {after_source:String} OR (e.source = {after_source:String} AND e.event_id > {after_id:String}))
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
ORDER BY e.source, e.event_id
LIMIT {limit:UInt32}
