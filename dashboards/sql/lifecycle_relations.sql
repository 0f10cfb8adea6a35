-- Question: why do these records belong together?
-- Parameters: keys Array(String). Grain: one relation with its earliest proof. Cost: a lookup in the primary key.
SELECT from_key, to_key, kind, qualifier, rule, confidence, event_id
FROM relations
WHERE from_key IN {keys:Array(String)} AND kind IN ('same_as', 'part_of', 'originates_from', 'reference')
ORDER BY kind, from_key, to_key
LIMIT 2000
