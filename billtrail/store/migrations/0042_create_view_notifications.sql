-- Public view: one message about one alert to one receiver, each attempt.
CREATE VIEW notifications {{on_cluster}} AS
SELECT alert_id, channel, attempt, outcome, reason, sent_at, kind, notification_id, due_at
FROM notification_rows FINAL
