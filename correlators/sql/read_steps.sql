-- Question: to what do these objects lead: to their wholes, to what they are the same as, to what originates from them?
-- Parameters: keys Array(String). Grain: one relation by one rule. Cost: lookups by either end of relations.
SELECT from_key, to_key, kind, rule, confidence, event_id FROM relations
WHERE from_key IN {keys:Array(String)} AND kind IN ('same_as', 'part_of')
UNION DISTINCT
SELECT from_key, to_key, kind, rule, confidence, event_id FROM relations
WHERE to_key IN {keys:Array(String)} AND kind IN ('same_as', 'originates_from')
ORDER BY from_key, to_key, rule, confidence
