-- Marks events withdrawn whose content stays as it is, known or not yet known. Parameters: segment:UInt64.
-- Grain: one withdrawn (source, event_id). A content that arrives later finds the mark and keeps it.
INSERT INTO event_versions
(
    source, event_id, system, event_type, occurred_at, received_at, correlation_id, trace_id, objects, links, lines,
    amount, currency, client, region, legal_entity, billing_model, owner, outcome, error_category, attributes, sequence,
    content_hash, is_withdrawn, revision, superseded, mapped_by, segment
)
SETTINGS min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 10000000000, optimize_on_insert = 0
SELECT
    d.source, d.event_id, v.system, v.event_type, v.occurred_at, v.received_at, v.correlation_id, v.trace_id, v.objects,
    v.links, v.lines, v.amount, v.currency, v.client, v.region, v.legal_entity, v.billing_model, v.owner, v.outcome,
    v.error_category, v.attributes, v.sequence, v.content_hash, true, d.revision, d.superseded,
    v.mapped_by, {segment:UInt64}
FROM (SELECT * FROM event_decisions WHERE is_changed AND winner < 0) AS d
LEFT JOIN
(
    SELECT * FROM event_versions FINAL
    WHERE (source, event_id) IN (SELECT source, event_id FROM event_decisions WHERE is_changed AND winner < 0)
) AS v ON v.source = d.source AND v.event_id = d.event_id
