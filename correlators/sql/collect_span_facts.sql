-- Question: how many spans belong to each lifecycle of the step, and how many of them failed? Through a correlation id or trace
-- of its events, or an object it holds or shows. Grain: one lifecycle with spans.
-- Cost: the keys of the step's lifecycles and the spans that have them; run only when there are spans.
INSERT INTO scratch_spans
SELECT w.lifecycle AS lifecycle, uniqExact(s.trace_id, s.span_id) AS span_count,
    uniqExactIf((s.trace_id, s.span_id), s.is_error) AS span_errors
FROM
(
    SELECT DISTINCT lifecycle, arrayJoin([concat('correlation_id::', correlation_id), concat('trace::', trace_id)]) AS key
    FROM scratch_rows
    UNION DISTINCT
    SELECT cityHash64(lifecycle_id), arrayJoin([concat('correlation_id::', correlation_id), concat('trace::', trace_id)])
    FROM lifecycle_event_rows FINAL WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
    UNION DISTINCT
    SELECT arrayJoin(arrayConcat(owned, shown)) AS lifecycle, joinGet('scratch_nodes', 'object_key', node) AS key FROM scratch_owners
    UNION DISTINCT
    SELECT cityHash64(lifecycle_id), object_key FROM lifecycle_object_rows FINAL
    WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
) AS w
INNER JOIN
(
    SELECT * FROM span_keys FINAL WHERE key IN
    (
        SELECT arrayJoin([concat('correlation_id::', correlation_id), concat('trace::', trace_id)]) FROM scratch_events
        UNION DISTINCT
        SELECT arrayJoin([concat('correlation_id::', correlation_id), concat('trace::', trace_id)])
        FROM lifecycle_event_rows FINAL WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
        UNION DISTINCT
        SELECT object_key FROM scratch_nodes
        UNION DISTINCT
        SELECT object_key FROM lifecycle_object_rows WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
    )
) AS s ON s.key = w.key
GROUP BY lifecycle
