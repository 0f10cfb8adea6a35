-- What the messages of a source came to in a rebuild.
SELECT
    countIf(reason = 'ignored') AS ignored,
    countIf(reason NOT IN ('', 'ignored')) AS rejected,
    countIf(reason = 'to_mend') AS to_mend
FROM rebuild_events
