-- Writes the versions that win where there was something to decide. Parameters: segment:UInt64. Grain: one version of (source, event_id). Needs
-- mapped_events and event_decisions of the segment. One block, so that it is written wholly or not at all.
INSERT INTO event_versions
(
    source, event_id, system, event_type, occurred_at, received_at, correlation_id, trace_id, objects, links, lines,
    amount, currency, client, region, legal_entity, billing_model, owner, outcome, error_category, attributes, sequence,
    content_hash, is_withdrawn, revision, superseded, mapped_by, segment
)
SETTINGS min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 10000000000, optimize_on_insert = 0
SELECT
    m.source, m.event_id, system, event_type, occurred_at, received_at, correlation_id, trace_id, objects, links, lines,
    amount, currency, client, region, legal_entity, billing_model, owner, outcome, error_category, attributes, sequence,
    content_hash, d.is_withdrawn, d.revision, d.superseded, mapped_by, {segment:UInt64}
FROM mapped_events AS m
INNER JOIN (SELECT * FROM event_decisions WHERE is_changed AND winner >= 0) AS d ON d.winner = m.arrival
