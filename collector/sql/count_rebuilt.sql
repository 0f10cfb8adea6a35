-- What the decisions of a rebuild come to: events told, of those the changed and the new; events that are taken away.
SELECT
    countIf(is_told) AS events,
    countIf(is_changed AND is_told AND revision > 0) AS changed,
    countIf(is_changed AND is_told AND revision = 0) AS added,
    countIf(is_changed AND NOT is_told) AS removed
FROM rebuild_decisions
