-- Fills run_lifecycles as events come into lifecycles through their objects.
CREATE MATERIALIZED VIEW run_lifecycles_from_events TO run_lifecycles
(
    `run` UInt64,
    `lifecycle_id` String
)
AS SELECT DISTINCT
    arrayJoin(arrayFilter(r -> (r != 0), [if(correlation_id = '', 0, cityHash64(concat('correlation_id::', correlation_id))), if(trace_id = '', 0, cityHash64(concat('trace::', trace_id)))])) AS run,
    lifecycle_id
FROM lifecycle_event_rows
WHERE (is_deleted = 0) AND (confidence = 'declared')
