-- Public view: business events, each in its newest version, without withdrawn ones.
CREATE VIEW events {{on_cluster}} AS
SELECT
    event_id, source, system, event_type, occurred_at, received_at, correlation_id, trace_id, objects, amount, currency,
    client, region, legal_entity, billing_model, attributes, outcome, error_category, links, lines, sequence, segment,
    takes_amount
FROM event_versions FINAL
WHERE NOT is_withdrawn
