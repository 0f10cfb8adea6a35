-- Public view: events that lead to no lifecycle yet, with their age.
CREATE VIEW unmatched_events {{on_cluster}} AS
SELECT source, event_id, event_type, occurred_at, received_at, dateDiff('millisecond', received_at, now64(3, 'UTC')) AS age_ms
FROM unmatched_event_rows FINAL
