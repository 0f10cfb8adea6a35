-- Question: which open clocks have passed their warning point or their due time since their newest verdict?
-- Parameters: judged_since, judged_at DateTime64(3): the time that passed; is_bulk Bool: look at all clocks at once, which
--   is faster when many have passed; blind_slas Array(String): SLAs whose stopping source is silent, and blind_until_ms
--   Array(Int64): up to when it reported. Grain: one clock. Cost: three columns of all clocks, then those that changed.
INSERT INTO clock_verdicts
(
    sla, lifecycle_id, subject_key, known_at, state, reason, calendar, started_at, at_risk_at, at_risk_by, due_at, stopped_at,
    elapsed_business_ms, paused_ms, value_at_risk, currency, owner, client, region, legal_entity, billing_model
)
WITH
    toUnixTimestamp64Milli({judged_at:DateTime64(3, 'UTC')}) AS now_ms,
    spans AS (SELECT calendar, toUnixTimestamp64Milli(opens_at) AS opens_ms, toUnixTimestamp64Milli(closes_at) AS closes_ms,
        open_before_ms FROM calendar_spans FINAL),
    judged AS
    (
        SELECT * EXCEPT (state, reason), now_ms AS judged_ms, toUnixTimestamp64Milli(started_at) AS started_ms,
            toUnixTimestamp64Milli(due_at) AS due_ms,
            multiIf(
                now_ms > due_ms AND has({blind_slas:Array(String)}, toString(sla)) AND due_ms > {blind_until_ms:Array(Int64)}[indexOf({blind_slas:Array(String)}, toString(sla))], ('unknown', 'source_silent'),
                now_ms > due_ms, ('breached', 'past_due'),
                {judged_at:DateTime64(3, 'UTC')} >= at_risk_at, ('at_risk', at_risk_by = 'history' ? 'likely_late' : 'past_warning'),
                ('running', 'in_time')) AS verdict
        FROM clock_rows FINAL
        WHERE state IN ('running', 'at_risk', 'unknown') AND verdict.1 != state
          AND ({is_bulk:Bool} OR (lifecycle_id, sla, subject_key) IN
          (
              SELECT lifecycle_id, sla, subject_key FROM clock_rows
              WHERE NOT {is_bulk:Bool} AND (state = 'unknown'
                 OR (state = 'running' AND at_risk_at > {judged_since:DateTime64(3, 'UTC')} AND at_risk_at <= {judged_at:DateTime64(3, 'UTC')})
                 OR (state IN ('running', 'at_risk') AND due_at >= {judged_since:DateTime64(3, 'UTC')} AND due_at < {judged_at:DateTime64(3, 'UTC')}))
          ))
    ),
    started AS
    (
        SELECT j.*, s.open_before_ms + least(j.started_ms, s.closes_ms) - s.opens_ms AS start_open_ms
        FROM judged AS j ASOF LEFT JOIN spans AS s ON s.calendar = j.calendar AND s.opens_ms <= j.started_ms
    )
SELECT
    j.sla, j.lifecycle_id, j.subject_key, {judged_at:DateTime64(3, 'UTC')}, j.verdict.1, j.verdict.2, j.calendar, j.started_at,
    j.at_risk_at, j.at_risk_by, j.due_at, j.stopped_at,
    greatest(0, s.open_before_ms + least(now_ms, s.closes_ms) - s.opens_ms - j.start_open_ms - j.paused_ms) AS elapsed_business_ms,
    j.paused_ms, j.value_at_risk, j.currency, j.owner, j.client, j.region, j.legal_entity, j.billing_model
FROM started AS j
ASOF LEFT JOIN spans AS s ON s.calendar = j.calendar AND s.opens_ms <= j.judged_ms
