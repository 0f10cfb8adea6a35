-- Question: which objects were declared on their own, or related to each other by a declaration?
-- Parameters: since, upto UInt64. Cost: the declarations of the step.
INSERT INTO scratch_keys
WITH (SELECT groupUniqArray(object_type) FROM journey_types FINAL WHERE role != 'reference') AS gluing
SELECT DISTINCT arrayJoin(arrayConcat([object_key], links.from_key, links.to_key)) AS key, false
FROM object_declarations
WHERE segment > {since:UInt64} AND segment <= {upto:UInt64} AND has(gluing, splitByChar(':', key)[2])
