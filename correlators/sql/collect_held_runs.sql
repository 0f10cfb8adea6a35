-- Question: by which runs do the affected lifecycles hold events without objects? What led one there may be gone; another of its
-- runs leads it then. Cost: narrow columns of the affected lifecycles; run only where events or relations may go.
INSERT INTO scratch_runs
SELECT DISTINCT arrayJoin(arrayFilter(r -> r != 0, [
    correlation_id = '' ? 0 : cityHash64(concat('correlation_id::', correlation_id)),
    trace_id = '' ? 0 : cityHash64(concat('trace::', trace_id))])) AS run
FROM lifecycle_event_rows FINAL
WHERE confidence != 'declared' AND lifecycle_id IN (SELECT lifecycle_id FROM scratch_affected)
