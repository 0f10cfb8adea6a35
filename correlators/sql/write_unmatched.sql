-- Question: which events of this step, or sharing a key with it, lead to no lifecycle, and which do by now?
-- Parameters: since, upto, version UInt64. Cost: the step's events without objects.
INSERT INTO unmatched_event_rows
WITH
    (SELECT groupUniqArray(object_type) FROM journey_types FINAL WHERE role != 'reference') AS gluing,
    candidates AS
    (
        SELECT source, event_id, event_type, occurred_at, received_at, is_withdrawn,
            concat('correlation_id::', correlation_id) AS correlation_key, concat('trace::', trace_id) AS trace_key,
            arrayExists(o -> o.qualifier != 'reference' AND has(gluing, o.object_type), objects) AS is_strong
        FROM event_versions FINAL
        WHERE (source, event_id) IN
        (
            SELECT source, event_id FROM event_versions WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
            UNION DISTINCT
            SELECT source, event_id FROM event_keys FINAL
            WHERE key IN (SELECT key FROM scratch_keys WHERE is_weak) AND qualifier = 'weak'
        )
    ),
    led AS
    (
        SELECT DISTINCT key FROM event_keys FINAL
        WHERE qualifier = 'strong' AND key IN (SELECT arrayJoin([correlation_key, trace_key]) FROM candidates WHERE NOT is_strong)
        UNION DISTINCT
        SELECT key FROM span_keys FINAL
        WHERE notEmpty(object_keys) AND key IN (SELECT trace_key FROM candidates WHERE NOT is_strong)
    ),
    stored AS (SELECT source, event_id FROM unmatched_event_rows FINAL WHERE (source, event_id) IN (SELECT source, event_id FROM candidates))
SELECT source, event_id, event_type, occurred_at, received_at, {version:UInt64},
    is_strong OR is_withdrawn OR correlation_key IN (SELECT key FROM led) OR trace_key IN (SELECT key FROM led) AS is_matched
FROM candidates
WHERE is_matched = ((source, event_id) IN (SELECT source, event_id FROM stored))
