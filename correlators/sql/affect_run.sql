-- Question: which lifecycles share a run with an event without objects, or hold an object that a span of its run or trace names?
-- Cost: the runs of such events.
INSERT INTO scratch_affected
SELECT DISTINCT lifecycle_id, 0 FROM run_lifecycles WHERE run IN (SELECT run FROM scratch_runs)
UNION DISTINCT
SELECT arrayJoin(lifecycle_ids), 0 FROM object_rows FINAL
WHERE object_key IN
(
    SELECT arrayJoin(object_keys) FROM span_keys
    WHERE cityHash64(key) IN (SELECT run FROM scratch_runs)
      AND key IN (SELECT arrayJoin([concat('correlation_id::', correlation_id), concat('trace::', trace_id)]) FROM scratch_events)
)
