-- Question: which new events name no object that glues? They are kept by their runs. Cost: the events of the step.
INSERT INTO weak_events
SELECT DISTINCT arrayJoin(arrayFilter(r -> r != 0, [
    correlation_id = '' ? 0 : cityHash64(concat('correlation_id::', correlation_id)),
    trace_id = '' ? 0 : cityHash64(concat('trace::', trace_id))])), source, event_id
FROM scratch_events
WHERE is_new AND empty(joinGet('scratch_shapes', 'glue_at', shape))
