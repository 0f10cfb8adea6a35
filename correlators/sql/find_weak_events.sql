-- Question: which events without objects share a correlation id with an event of a lifecycle, or, where no event at all
-- shares their correlation id, a trace with an event or with a span that names one of its objects?
-- Cost: the correlation ids and traces of the step's events.
INSERT INTO scratch_event_ids
WITH
    shared AS
    (
        SELECT DISTINCT lifecycle_id, is_rewritten, entry.1 AS key, entry.2 AS confidence
        FROM scratch_events
        ARRAY JOIN
            [(concat('correlation_id::', correlation_id), 'correlation_id'), (concat('trace::', trace_id), 'trace')] AS entry
        WHERE entry.1 NOT IN ('correlation_id::', 'trace::')
        UNION DISTINCT
        SELECT m.lifecycle_id, m.is_rewritten, concat('trace::', s.trace_id), 'trace'
        FROM scratch_members AS m
        INNER JOIN (SELECT key, trace_id FROM span_keys FINAL WHERE key IN (SELECT node FROM scratch_members)) AS s
            ON s.key = m.node
        WHERE NOT m.is_shown
    ),
    found AS
    (
        SELECT s.lifecycle_id AS lifecycle_id, s.is_rewritten AS is_rewritten, s.confidence AS confidence, k.source AS source, k.event_id AS event_id
        FROM shared AS s
        INNER JOIN
        (
            SELECT key, source, event_id FROM event_keys FINAL
            WHERE key IN (SELECT key FROM shared) AND qualifier = 'weak'
        ) AS k ON k.key = s.key
    )
SELECT lifecycle_id, any(is_rewritten), min(confidence), source, event_id
FROM found
WHERE confidence = 'correlation_id' OR (source, event_id) NOT IN
(
    SELECT source, event_id FROM event_versions FINAL
    WHERE (source, event_id) IN (SELECT source, event_id FROM found WHERE confidence = 'trace')
      AND concat('correlation_id::', correlation_id) IN
      (
          SELECT key FROM event_keys FINAL
          WHERE qualifier = 'strong' AND key IN
          (
              SELECT concat('correlation_id::', correlation_id) FROM event_versions FINAL
              WHERE (source, event_id) IN (SELECT source, event_id FROM found WHERE confidence = 'trace')
          )
      )
)
GROUP BY lifecycle_id, source, event_id
