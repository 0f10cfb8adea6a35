-- Public view: object-to-object relations, each once, with its earliest proof.
CREATE VIEW relations {{on_cluster}} AS
SELECT
    node AS from_key,
    peer AS to_key,
    kind,
    qualifier,
    rule,
    confidence,
    tupleElement(min((r.occurred_at, r.source, r.event_id)), 3) AS event_id,
    count() AS proofs
FROM relation_edges AS r FINAL
WHERE direction = 'from'
GROUP BY node, peer, kind, qualifier, rule, confidence
