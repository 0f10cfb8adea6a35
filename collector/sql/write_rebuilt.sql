-- Writes the versions a rebuild has changed. Parameters: segment:UInt64, the rebuild's own. Grain: one version of
-- (source, event_id).
INSERT INTO event_versions
(
    source, event_id, system, event_type, occurred_at, received_at, correlation_id, trace_id, objects, links, lines,
    amount, currency, client, region, legal_entity, billing_model, owner, outcome, error_category, attributes, sequence,
    content_hash, is_withdrawn, revision, superseded, mapped_by, segment
)
SELECT
    m.source, m.event_id, m.system, event_type, occurred_at, received_at, correlation_id, trace_id, objects, links, lines,
    amount, currency, client, region, legal_entity, billing_model, owner, outcome, error_category, attributes, sequence,
    content_hash, d.is_withdrawn, d.revision, d.superseded, mapped_by, {segment:UInt64}
FROM rebuild_events AS m
INNER JOIN
(
    SELECT r.source AS source, r.event_id AS event_id, winner, r.is_withdrawn AS is_withdrawn, r.revision AS revision,
           r.superseded AS superseded
    FROM rebuild_decisions AS r
    WHERE is_changed AND is_told
) AS d ON d.source = m.source AND d.event_id = m.event_id
WHERE reason = '' AND (m.segment, m.frame, m.item, m.part, m.rule, m.place) = d.winner
