-- Question: which contracts belong to a client whose name holds these words? Asked when nothing has such an id.
-- Parameters: words String. Grain: contract, the newest first. Cost: one column of lifecycles.
SELECT lifecycle_id, concat('client ', client) AS found_by
FROM lifecycles
WHERE client ILIKE concat('%', {words:String}, '%') AND state != 'superseded'
ORDER BY last_event_at DESC
LIMIT 50
