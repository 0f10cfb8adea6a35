-- Question: what are these objects said to be the same as? Parameters: keys Array(String). Grain: one relation by one rule.
-- Cost: lookups by either end of relations.
SELECT from_key, to_key, kind, rule, confidence, event_id FROM relations
WHERE from_key IN {keys:Array(String)} AND kind IN ('same_as')
UNION DISTINCT
SELECT from_key, to_key, kind, rule, confidence, event_id FROM relations
WHERE to_key IN {keys:Array(String)} AND kind IN ('same_as')
ORDER BY from_key, to_key, rule, confidence
