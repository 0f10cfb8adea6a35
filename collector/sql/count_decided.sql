-- What the decisions on a segment of events came to.
SELECT
    sum(duplicates) AS duplicates,
    countIf(is_changed AND winner >= 0) AS replaced,
    countIf(is_changed AND winner < 0) AS withdrawn
FROM event_decisions
