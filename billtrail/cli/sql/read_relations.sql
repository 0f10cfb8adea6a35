-- Question: how do the objects of a lifecycle relate to each other, by which rule, proved by what, and who decided those that
-- people made? Parameters: lifecycle_id String. Grain: one relation by one rule.
-- Cost: the objects of one lifecycle and their relations.
SELECT
    r.from_key AS from_key, r.to_key AS to_key, r.kind AS kind, r.rule AS rule, r.confidence AS confidence, r.event_id AS event_id,
    p.decided_by AS decided_by, r.confidence = 'manual' ? toNullable(p.decided_at) : NULL AS decided_at, p.reason AS reason
FROM
(
    SELECT * FROM relations
    WHERE from_key IN (SELECT object_key FROM lifecycle_objects WHERE lifecycle_id = {lifecycle_id:String})
      AND to_key IN (SELECT object_key FROM lifecycle_objects WHERE lifecycle_id = {lifecycle_id:String})
      AND kind IN ('same_as', 'part_of', 'originates_from')
) AS r
LEFT JOIN (SELECT *, 'manual' AS confidence FROM people_links FINAL WHERE decision != 'unlink') AS p
    ON p.from_key = r.from_key AND p.to_key = r.to_key AND p.kind = r.kind AND p.confidence = r.confidence
ORDER BY from_key, to_key, rule, confidence
