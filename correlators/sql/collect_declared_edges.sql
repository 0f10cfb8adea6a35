-- Question: which relations do declared objects bring? The proof is the declaration, written `object::key`.
-- Parameters: since, upto, version UInt64. Grain: one end of one relation. Cost: the declarations of the step.
INSERT INTO declared_edges
WITH
    (SELECT groupUniqArray((rule, from_type, to_type, qualifier, kind, is_inverse)) FROM journey_relations FINAL) AS rules
SELECT end.1, end.2, end.3, kind, qualifier, rule, 'declared', source, proof, declared_at, {version:UInt64}, 0
FROM
(
    SELECT
        source, declared_at, concat('object::', object_key) AS proof, link.from_key AS from_key, link.to_key AS to_key, link.qualifier AS qualifier,
        splitByChar(':', from_key)[2] AS from_type, splitByChar(':', to_key)[2] AS to_type,
        arrayFilter(r -> r.2 IN (from_type, '*') AND r.3 IN (to_type, '*') AND (r.5 != 'same_as' OR from_type = to_type)
            AND (r.4 = qualifier OR (r.4 = '' AND qualifier != 'reference')), rules) AS matching,
        arrayJoin(empty(matching) ? [('declared', '', '', '', 'reference', false)] : matching) AS chosen,
        chosen.1 AS rule, chosen.5 AS kind
    FROM
    (
        SELECT source, object_key, declared_at, links FROM object_declarations
        WHERE segment > {since:UInt64} AND segment <= {upto:UInt64}
        ORDER BY segment DESC
        LIMIT 1 BY source, object_key
    )
    ARRAY JOIN links AS link
)
ARRAY JOIN chosen.6 ? [(to_key, from_key, 'from'), (from_key, to_key, 'to')] : [(from_key, to_key, 'from'), (to_key, from_key, 'to')] AS end
