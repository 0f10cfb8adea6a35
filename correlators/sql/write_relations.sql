-- Question: which relations are new, have an earlier proof, or lost theirs? Parameters: version UInt64, is_first Bool (nothing
-- is stored to compare with). Grain: one relation by one rule. Cost: the relations of the step and their stored rows; writes
-- the difference only.
INSERT INTO relation_rows
WITH stored AS
(
    SELECT cityHash64(cityHash64(from_key), cityHash64(to_key), toString(kind), toString(qualifier), toString(rule)) AS relation, occurred_at,
        cityHash64(source, event_id) AS event
    FROM relation_rows FINAL
    WHERE NOT {is_first:Bool} AND from_key IN (SELECT from_key FROM scratch_relations)
)
SELECT f.from_key, f.to_key, f.kind, f.qualifier, f.rule, f.source, f.event_id, f.occurred_at, {version:UInt64}, 0
FROM scratch_relations AS f
LEFT JOIN stored AS s ON s.relation = f.relation
WHERE s.event = 0 OR (f.occurred_at, cityHash64(f.source, f.event_id)) < (s.occurred_at, s.event)
   OR (f.is_doubted AND (f.occurred_at, cityHash64(f.source, f.event_id)) != (s.occurred_at, s.event))
