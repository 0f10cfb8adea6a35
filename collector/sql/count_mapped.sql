-- What the mappings made of a segment, source by source, and whether there is anything to decide about it: an event told
-- twice, one that is known, a withdrawal. A tally is kept of what vendors sent and of what was rejected. Grain: one source, as its events say it.
SELECT
    source,
    countIf(reason = '') AS events,
    countIf(reason = 'ignored') AS ignored,
    countIf(reason NOT IN ('', 'ignored')) AS rejected,
    countIf(reason = '' AND is_withdrawal) > 0
        OR uniqExactIf(key_hash, reason = '') != events
        OR (SELECT count() FROM known_events) > 0 AS is_contested,
    max(mapped_by != '') OR rejected > 0 AS is_tallied,
    countIf(reason = 'to_mend') > 0 AS is_to_mend
FROM mapped_events
GROUP BY source
ORDER BY source
