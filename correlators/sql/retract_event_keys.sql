-- Question: which keys did corrected events have before? They are touched and then deleted.
-- Parameters: since, upto, version UInt64. Cost: one pass over event_keys; run only when there are corrections.
INSERT INTO event_keys (key, source, event_id, qualifier, occurred_at, version, is_deleted)
SELECT key, source, event_id, qualifier, occurred_at, {version:UInt64}, 1
FROM event_keys FINAL
WHERE (source, event_id) IN
(
    SELECT source, event_id FROM event_versions
    WHERE segment > {since:UInt64} AND segment <= {upto:UInt64} AND (revision > 0 OR is_withdrawn)
)
