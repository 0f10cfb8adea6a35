-- What a segment of events came to: how many records could not be used, were told before, or withdraw another.
SELECT
    countIf(reason != '') AS rejected,
    countIf(reason = '' AND is_withdrawal) AS withdrawals,
    count() AS events
FROM mapped_events
