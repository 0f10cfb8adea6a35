-- Question: which runs of the step are also runs of events without objects? Parameters: since, upto UInt64 (of spans).
-- Cost: the events and span links of the step, and one column of weak_events.
INSERT INTO scratch_runs
SELECT DISTINCT run FROM
(
    SELECT arrayJoin(arrayFilter(r -> r != 0, [
        correlation_id = '' ? 0 : cityHash64(concat('correlation_id::', correlation_id)),
        trace_id = '' ? 0 : cityHash64(concat('trace::', trace_id))])) AS run
    FROM scratch_events
    UNION ALL
    SELECT arrayJoin([cityHash64(concat('correlation_id::', correlation_id)), cityHash64(concat('trace::', trace_id))])
    FROM span_links WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
)
WHERE run IN (SELECT run FROM weak_events) AND run NOT IN (SELECT run FROM scratch_runs)
