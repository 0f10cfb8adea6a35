-- Question: which rows of lifecycle_event_rows are new or different, and which are no longer true?
-- Parameters: version UInt64. Cost: the rows of the step's lifecycles, old and new; writes the difference only.
INSERT INTO lifecycle_event_rows
WITH
    affected AS
    (
    SELECT lifecycle_id FROM scratch_members WHERE is_rewritten
    UNION DISTINCT
    SELECT lifecycle_id FROM lifecycle_rows FINAL WHERE lifecycle_id IN (SELECT node FROM scratch_nodes)
      AND lifecycle_id NOT IN (SELECT lifecycle_id FROM scratch_members)
),
    fresh AS (SELECT lifecycle_id, occurred_at, source, event_id, event_type, system, object_key, milestone, outcome, error_category, amount, currency, confidence, correlation_id, trace_id FROM scratch_lifecycle_events),
    stored AS (SELECT lifecycle_id, occurred_at, source, event_id, event_type, system, object_key, milestone, outcome, error_category, amount, currency, confidence, correlation_id, trace_id FROM lifecycle_event_rows FINAL WHERE lifecycle_id IN (SELECT lifecycle_id FROM affected))
SELECT *, {version:UInt64}, 0 FROM (SELECT * FROM fresh EXCEPT SELECT * FROM stored)
UNION ALL
SELECT *, {version:UInt64}, 1 FROM stored WHERE (lifecycle_id, occurred_at, source, event_id) NOT IN (SELECT lifecycle_id, occurred_at, source, event_id FROM fresh)
