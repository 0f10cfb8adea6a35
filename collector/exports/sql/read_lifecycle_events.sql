-- Question: the events of these lifecycles, in the order in which they happened. Parameters: lifecycles Array(String),
-- since DateTime64(3). Grain: one event in one lifecycle. Cost: the events of the lifecycles.
SELECT
    l.lifecycle_id AS lifecycle_id, l.occurred_at AS occurred_at, l.source AS source, l.event_id AS event_id,
    l.event_type AS event_type, l.system AS system, l.object_key AS object_key, l.milestone AS milestone,
    e.outcome AS outcome, e.error_category AS error_category, toString(l.amount) AS amount, l.currency AS currency,
    e.owner AS owner, e.attributes AS attributes
FROM lifecycle_events AS l
INNER JOIN
(
    SELECT source, event_id, outcome, error_category, owner, attributes
    FROM event_versions FINAL
    WHERE (source, event_id) IN
        (SELECT source, event_id FROM lifecycle_events WHERE has({lifecycles:Array(String)}, lifecycle_id))
) AS e ON e.source = l.source AND e.event_id = l.event_id
WHERE has({lifecycles:Array(String)}, l.lifecycle_id) AND l.occurred_at >= {since:DateTime64(3, 'UTC')}
ORDER BY l.lifecycle_id, l.occurred_at, l.source, l.event_id
