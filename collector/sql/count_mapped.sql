-- What the mappings made of a segment, source by source. Grain: one source, as its events say it.
SELECT
    source,
    countIf(reason = '') AS events,
    countIf(reason = 'ignored') AS ignored,
    countIf(reason NOT IN ('', 'ignored')) AS rejected
FROM mapped_events
GROUP BY source
ORDER BY source
