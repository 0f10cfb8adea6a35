-- Question: what is true now of every clock of the touched lifecycles, and is it other than the newest verdict says?
-- Parameters: judged_at DateTime64(3); blind_slas Array(String): SLAs whose stopping source is silent, and blind_until_ms
--   Array(Int64): up to when it reported. Writes only verdicts that differ. Grain: one clock. Cost: the clocks of the
--   touched lifecycles.
-- The open time before an instant is that before the last stretch that opened by then, and as much of the stretch as had
-- passed; a pause moves the due time only if it began before: what is late stays late. The instant at which an amount of open
-- time is over lies in the last stretch with less than that before it. `said` is what a verdict says, in the order of the columns
-- from `calendar` on (5 is due, 6 the stop or 0), without the time that passes by itself.
INSERT INTO clock_verdicts
(
    sla, lifecycle_id, subject_key, known_at, state, reason, calendar, started_at, at_risk_at, at_risk_by, due_at, stopped_at,
    elapsed_business_ms, paused_ms, value_at_risk, currency, owner, client, region, legal_entity, billing_model
)
WITH
    toUnixTimestamp64Milli({judged_at:DateTime64(3, 'UTC')}) AS now_ms,
    spans AS (SELECT toString(calendar) AS calendar, toUnixTimestamp64Milli(opens_at) AS opens_ms,
        toUnixTimestamp64Milli(closes_at) AS closes_ms, open_before_ms FROM calendar_spans FINAL),
    paused AS
    (
        SELECT p.*, x.pauses AS pauses, arrayCumSum(arrayMap(pause -> pause.2, pauses)) AS stood_ms
        FROM scratch_clocks AS p
        LEFT JOIN scratch_pauses AS x ON x.sla = p.sla AND x.lifecycle_id = p.lifecycle_id AND x.subject_key = p.subject_key
    ),
    started AS
    (
        SELECT p.* EXCEPT (pauses, stood_ms), s.open_before_ms + least(p.started_ms, s.closes_ms) - s.opens_ms AS start_open_ms,
            arrayMap((pause, stood) -> pause.1 - start_open_ms - (stood - pause.2), p.pauses, p.stood_ms) AS used_ms,
            arraySum(arrayMap(pause -> pause.2, p.pauses)) AS stood_still_ms,
            arraySum(arrayMap(pause -> pause.3 ? 0 : pause.2, p.pauses)) AS paused_ms,
            arrayFirst((pause, used) -> pause.3 AND used < p.duration_ms, p.pauses, used_ms).4 AS pause_reason,
            start_open_ms + p.at_risk_after_ms
                + arraySum(arrayMap((pause, used) -> pause.3 OR used >= p.at_risk_after_ms ? 0 : pause.2, p.pauses, used_ms)) AS at_risk_open_ms,
            start_open_ms + p.duration_ms
                + arraySum(arrayMap((pause, used) -> pause.3 OR used >= p.duration_ms ? 0 : pause.2, p.pauses, used_ms)) AS due_open_ms
        FROM paused AS p ASOF LEFT JOIN spans AS s ON s.calendar = p.calendar AND s.opens_ms <= p.started_ms
    ),
    ended AS
    (
        SELECT p.*, greatest(0, s.open_before_ms + least(p.end_ms, s.closes_ms) - s.opens_ms - p.start_open_ms - p.stood_still_ms) AS elapsed_ms
        FROM started AS p ASOF LEFT JOIN spans AS s ON s.calendar = p.calendar AND s.opens_ms <= p.end_ms
    ),
    warned AS
    (
        SELECT p.*, greatest(p.started_ms, s.opens_ms + p.at_risk_open_ms - s.open_before_ms) AS at_risk_ms
        FROM ended AS p ASOF LEFT JOIN spans AS s ON s.calendar = p.calendar AND s.open_before_ms < p.at_risk_open_ms
    ),
    due AS
    (
        SELECT p.*, s.opens_ms + p.due_open_ms - s.open_before_ms AS due_ms
        FROM warned AS p ASOF LEFT JOIN spans AS s ON s.calendar = p.calendar AND s.open_before_ms < p.due_open_ms
    ),
    judged AS
    (
        SELECT *,
            multiIf(
                lifecycle_state = 'superseded', ('cancelled', 'lifecycle_superseded'),
                is_stopped AND end_ms <= due_ms, ('met', 'stopped_in_time'),
                is_stopped, ('missed', 'stopped_late'),
                lifecycle_state = 'cancelled', ('cancelled', 'lifecycle_cancelled'),
                pause_reason != '', ('paused', pause_reason),
                now_ms > due_ms AND has({blind_slas:Array(String)}, sla) AND due_ms > {blind_until_ms:Array(Int64)}[indexOf({blind_slas:Array(String)}, sla)], ('unknown', 'source_silent'),
                now_ms > due_ms, ('breached', 'past_due'),
                now_ms >= at_risk_ms, ('at_risk', at_risk_by = 'history' ? 'likely_late' : 'past_warning'),
                ('running', 'in_time')) AS verdict,
            (calendar, started_ms, at_risk_ms, toString(at_risk_by), due_ms, is_stopped ? end_ms : 0, paused_ms, value_at_risk,
                currency, owner, client, region, legal_entity, billing_model) AS said,
            1 AS is_clock
        FROM due
    ),
    known AS
    (
        SELECT
            toString(sla) AS sla, lifecycle_id, subject_key, toString(state) AS state, elapsed_business_ms AS elapsed_ms,
            (toString(calendar), toUnixTimestamp64Milli(started_at), toUnixTimestamp64Milli(at_risk_at), toString(at_risk_by),
                toUnixTimestamp64Milli(due_at), ifNull(toUnixTimestamp64Milli(stopped_at), 0), paused_ms, value_at_risk,
                toString(currency), owner, toString(client), toString(region), toString(legal_entity), toString(billing_model)) AS said
        FROM clock_rows FINAL
        WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_touched)
    )
SELECT
    sla, lifecycle_id, subject_key,
    {judged_at:DateTime64(3, 'UTC')} AS known_at,
    multiIf(NOT j.is_clock, 'cancelled', j.verdict.1 = 'unknown' AND h.state = 'breached' AND j.due_ms = h.said.5, 'breached', j.verdict.1) AS state,
    multiIf(
        j.is_clock, state = 'breached' ? 'past_due' : j.verdict.2,
        sla NOT IN (SELECT toString(sla) FROM sla_definitions FINAL), 'sla_removed',
        lifecycle_id IN
        (
            SELECT lifecycle_id FROM lifecycle_rows FINAL
            WHERE superseded_by = '' AND lifecycle_id IN (SELECT lifecycle_id FROM scratch_touched)
        ), 'start_withdrawn',
        'lifecycle_superseded') AS reason,
    ((j.is_clock ? j.said : h.said) AS said).1, fromUnixTimestamp64Milli(said.2, 'UTC'), fromUnixTimestamp64Milli(said.3, 'UTC'), said.4,
    fromUnixTimestamp64Milli(said.5, 'UTC'), j.is_stopped ? fromUnixTimestamp64Milli(said.6, 'UTC') : NULL,
    j.is_clock ? j.elapsed_ms : h.elapsed_ms, said.7, said.8, said.9, said.10, said.11, said.12, said.13, said.14
FROM judged AS j
FULL OUTER JOIN known AS h USING (sla, lifecycle_id, subject_key)
WHERE j.is_clock
    ? (state, j.said) != (h.state, h.said)
    : h.state != 'cancelled' AND NOT (h.state IN ('met', 'missed') AND reason = 'sla_removed')
