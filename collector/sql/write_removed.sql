-- Takes away the events a source no longer yields: they keep what they said, under no content, so that they may be told
-- again. Parameters: segment:UInt64, the rebuild's own. Grain: one (source, event_id).
INSERT INTO event_versions
(
    source, event_id, system, event_type, occurred_at, received_at, correlation_id, trace_id, objects, links, lines,
    amount, currency, client, region, legal_entity, billing_model, owner, outcome, error_category, attributes, sequence,
    content_hash, is_withdrawn, revision, superseded, mapped_by, segment
)
SELECT
    d.source, d.event_id, v.system, v.event_type, v.occurred_at, v.received_at, v.correlation_id, v.trace_id, v.objects,
    v.links, v.lines, v.amount, v.currency, v.client, v.region, v.legal_entity, v.billing_model, v.owner, v.outcome,
    v.error_category, v.attributes, v.sequence, 0, true, d.revision, [], v.mapped_by, {segment:UInt64}
FROM (SELECT * FROM rebuild_decisions WHERE is_changed AND NOT is_told) AS d
LEFT JOIN
(
    SELECT * FROM event_versions FINAL
    WHERE (source, event_id) IN (SELECT source, event_id FROM rebuild_decisions WHERE is_changed AND NOT is_told)
) AS v ON v.source = d.source AND v.event_id = d.event_id
