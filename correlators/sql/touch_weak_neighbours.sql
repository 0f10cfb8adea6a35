-- Question: which events without objects share a correlation id or a trace with the new events? They may now belong
-- somewhere, or somewhere better; everything they share is touched.
-- Parameters: since, upto UInt64. Cost: the events of the step.
INSERT INTO scratch_keys
SELECT DISTINCT entry, true
FROM event_versions FINAL
ARRAY JOIN [concat('correlation_id::', correlation_id), concat('trace::', trace_id)] AS entry
WHERE entry NOT IN ('correlation_id::', 'trace::') AND (source, event_id) IN
(
    SELECT source, event_id FROM event_keys FINAL
    WHERE qualifier = 'weak' AND key IN
    (
        SELECT arrayJoin([concat('correlation_id::', correlation_id), concat('trace::', trace_id)])
        FROM event_versions
        WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
    )
)
