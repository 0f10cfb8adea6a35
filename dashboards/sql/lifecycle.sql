-- Question: what is known about these lifecycles?
-- Parameters: ids Array(String). Grain: one lifecycle. Cost: a lookup in the primary key.
SELECT *
FROM lifecycles
WHERE lifecycle_id IN {ids:Array(String)}
ORDER BY last_event_at DESC
