-- Question: how much money hangs on the open alerts, per currency? A subject with several alerts counts once.
-- Grain: one currency. Cost: the alerts.
SELECT currency, sum(value) AS value, count() AS subjects
FROM
(
    SELECT currency, subject, max(value_at_risk) AS value
    FROM alerts
    WHERE state != 'resolved' AND currency != ''
    GROUP BY currency, subject
)
GROUP BY currency
ORDER BY value DESC
