-- Question: what could not be used and still waits for a way back?
-- Grain: source and reason. Cost: the dead letters without their bodies.
SELECT source, reason, count() AS records, max(received_at) AS last_at, argMax(detail, received_at) AS last_detail
FROM dead_letters
WHERE replayed_at IS NULL
GROUP BY source, reason
ORDER BY records DESC, source
LIMIT 12
