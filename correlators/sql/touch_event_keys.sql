-- Question: which objects and which weak keys do the new events touch? Those they name, those they relate to each other, and
-- those their amounts are divided by.
-- Parameters: since, upto UInt64. Cost: the events of the step.
INSERT INTO scratch_keys
WITH (SELECT groupUniqArray(object_type) FROM journey_types FINAL WHERE role != 'reference') AS gluing
SELECT DISTINCT entry.1, entry.2
FROM
(
    SELECT
        arrayExists(o -> o.qualifier != 'reference' AND has(gluing, o.object_type), objects) AS is_strong,
        arrayFilter(k -> has(gluing, splitByChar(':', k)[2]), arrayConcat(
            arrayMap(o -> concat(o.system, ':', o.object_type, ':', o.id), objects),
            links.from_key, links.to_key, lines.object_key)) AS known,
        arrayConcat(
            arrayMap(k -> (k, false), known),
            arrayFilter(e -> NOT is_strong, [(concat('correlation_id::', correlation_id), true), (concat('trace::', trace_id), true)])
        ) AS entries
    FROM event_versions
    WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
)
ARRAY JOIN entries AS entry
WHERE entry.1 NOT IN ('correlation_id::', 'trace::')
