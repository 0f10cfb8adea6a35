-- What the messages of a source came to in a rebuild.
SELECT
    countIf(reason = 'ignored') AS ignored,
    countIf(reason NOT IN ('', 'ignored')) AS rejected
FROM rebuild_events
