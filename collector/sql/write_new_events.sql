-- Writes the events there was nothing to decide about: told once, never before. Parameters: segment:UInt64.
-- Grain: one (source, event_id). Needs mapped_events and event_decisions of the segment. One block, all or nothing; no key comes twice,
-- so the engine need not look (`optimize_on_insert`).
INSERT INTO event_versions
(
    source, event_id, system, event_type, occurred_at, received_at, correlation_id, trace_id, objects, links, lines,
    amount, currency, client, region, legal_entity, billing_model, owner, outcome, error_category, attributes, sequence,
    content_hash, is_withdrawn, revision, superseded, mapped_by, segment
)
SETTINGS min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 10000000000, optimize_on_insert = 0
SELECT
    source, event_id, system, event_type, occurred_at, received_at, correlation_id, trace_id, objects, links, lines,
    amount, currency, client, region, legal_entity, billing_model, owner, outcome, error_category, attributes, sequence,
    content_hash, false, 0, [], mapped_by, {segment:UInt64}
FROM mapped_events
WHERE reason = '' AND NOT is_withdrawal AND (source, event_id) NOT IN (SELECT source, event_id FROM event_decisions)
