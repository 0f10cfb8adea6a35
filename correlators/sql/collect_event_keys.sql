-- Question: which keys do the events of this step name? An event whose objects glue nothing names its correlation id and
-- trace weakly: it belongs where others with the same id belong.
-- Parameters: since, upto, version UInt64. Grain: one key of one event. Cost: the events of the step.
INSERT INTO event_keys (key, source, event_id, qualifier, occurred_at, version, is_deleted)
WITH (SELECT groupUniqArray(object_type) FROM journey_types FINAL WHERE role != 'reference') AS gluing
SELECT entry.1, source, event_id, entry.2, occurred_at, {version:UInt64}, 0
FROM
(
    SELECT
        source, event_id, occurred_at, objects, lines, correlation_id, trace_id,
        arrayExists(o -> o.qualifier != 'reference' AND has(gluing, o.object_type), objects) ? 'strong' : 'weak' AS strength,
        arrayDistinct(arrayConcat(
            arrayMap(o -> (concat(o.system, ':', o.object_type, ':', o.id), toString(o.qualifier)), objects),
            arrayMap(l -> (l.object_key, 'line'), lines),
            correlation_id = '' ? [] : [(concat('correlation_id::', correlation_id), strength)],
            trace_id = '' ? [] : [(concat('trace::', trace_id), strength)])) AS entries
    FROM
    (
    SELECT source, event_id, occurred_at, objects, links, lines, correlation_id, trace_id, is_withdrawn
    FROM event_versions
    WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
    ORDER BY segment DESC, revision DESC
    LIMIT 1 BY source, event_id
    )
    WHERE NOT is_withdrawn
)
ARRAY JOIN entries AS entry
