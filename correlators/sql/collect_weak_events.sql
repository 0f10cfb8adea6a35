-- Question: what do the events without objects say that share a run with the step's? Parameters: upto UInt64.
-- Cost: those events.
INSERT INTO scratch_events
WITH
    {{part keys}}
SELECT
    true,
    {{part told_event}}
FROM event_versions FINAL
WHERE (source, event_id) IN (SELECT source, event_id FROM weak_events WHERE run IN (SELECT run FROM scratch_runs) AND cityHash64(source, event_id) NOT IN (SELECT event FROM scratch_events))
  AND segment <= {upto:UInt64} AND NOT is_withdrawn
