-- Public view: one message about one alert to one receiver, each attempt. A message about a group has a row for each of its alerts.
CREATE VIEW notifications {{on_cluster}} AS
SELECT
    arrayJoin(arrayConcat(firing_ids, resolved_ids)) AS alert_id,
    channel, attempt, outcome, reason, sent_at, kind, notification_id, group_key, planned_at, due_at
FROM notification_rows FINAL
