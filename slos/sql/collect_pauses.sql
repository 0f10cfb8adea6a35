-- Question: how much open time did the pauses of each clock take? Pauses that overlap count once.
-- Grain: one clock that has pauses. Cost: those clocks. The open time before an instant is that before the last stretch
-- that opened by then, and as much of the stretch as had passed.
INSERT INTO scratch_pauses
WITH
    spans AS (SELECT toString(calendar) AS calendar, toUnixTimestamp64Milli(opens_at) AS opens_ms,
        toUnixTimestamp64Milli(closes_at) AS closes_ms, open_before_ms FROM calendar_spans FINAL),
    begun AS
    (
        SELECT p.*, s.open_before_ms + least(p.from_ms, s.closes_ms) - s.opens_ms AS from_open_ms
        FROM
        (
            SELECT sla, lifecycle_id, subject_key, calendar, is_stopped, arrayJoin(pauses) AS pause,
                greatest(pause.2, started_ms) AS from_ms, pause.3 = 0 ? end_ms : least(pause.3, end_ms) AS until_ms,
                pause.3 = 0 AND NOT is_stopped AS is_on
            FROM scratch_clocks
        ) AS p
        ASOF LEFT JOIN spans AS s ON s.calendar = p.calendar AND s.opens_ms <= p.from_ms
        WHERE until_ms > from_ms
    ),
    ended AS
    (
        SELECT p.*, s.open_before_ms + least(p.until_ms, s.closes_ms) - s.opens_ms AS until_open_ms
        FROM begun AS p ASOF LEFT JOIN spans AS s ON s.calendar = p.calendar AND s.opens_ms <= p.until_ms
    )
SELECT
    sla, lifecycle_id, subject_key,
    intervalLengthSumIf(from_open_ms, until_open_ms, NOT is_on) AS paused_ms,
    intervalLengthSum(from_open_ms, until_open_ms) AS stood_still_ms,
    anyIf(pause.1, is_on) AS reason
FROM ended
GROUP BY sla, lifecycle_id, subject_key
