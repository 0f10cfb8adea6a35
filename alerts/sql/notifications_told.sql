-- Per channel: which alerts were told as firing and not yet as resolved, counting only what was delivered?
-- Grain: one alert on one channel. Cost: the outbox, at the start only.
SELECT channel, alert_id
FROM
(
    SELECT
        channel,
        planned_at,
        arrayJoin(arrayConcat(arrayMap(id -> (id, 1), firing_ids), arrayMap(id -> (id, 0), resolved_ids))) AS told,
        told.1 AS alert_id,
        told.2 AS is_firing
    FROM notification_rows FINAL
    WHERE outcome = 'sent'
)
GROUP BY channel, alert_id
HAVING argMax(is_firing, planned_at) = 1
