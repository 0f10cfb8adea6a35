-- Question: how do the objects of a lifecycle relate to each other, by which rule, proved by what?
-- Parameters: lifecycle_id String. Grain: one relation by one rule. Cost: the objects of one lifecycle and their relations.
SELECT from_key, to_key, kind, rule, confidence, event_id
FROM relations
WHERE from_key IN (SELECT object_key FROM lifecycle_objects WHERE lifecycle_id = {lifecycle_id:String})
  AND to_key IN (SELECT object_key FROM lifecycle_objects WHERE lifecycle_id = {lifecycle_id:String})
  AND kind != 'reference'
ORDER BY from_key, to_key, rule
