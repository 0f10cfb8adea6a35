-- Public view: which events a lifecycle holds.
CREATE VIEW lifecycle_events {{on_cluster}} AS
SELECT
    lifecycle_id, occurred_at, source, event_id, event_type, system, object_key, milestone, outcome, error_category, amount,
    currency, confidence, correlation_id, trace_id, objects
FROM lifecycle_event_rows FINAL
