-- Question: which clocks do the touched lifecycles have, when did each start and stop, in which calendar, worth what?
-- Parameters: judged_at DateTime64(3). Grain: one clock: an SLA, a lifecycle and a subject whose start milestone succeeded.
-- A clock that starts in a finance-close period of its calendar has the tighter duration, where its SLA states one.
-- The warning point of a clock that runs is set by the share of time used, or earlier by the prediction for its SLA.
-- A failed milestone neither starts nor stops; the last of the stop milestones is the stop. Cost: their milestones.
INSERT INTO scratch_clocks
WITH
    toUnixTimestamp64Milli({judged_at:DateTime64(3, 'UTC')}) AS now_ms,
    definitions AS (SELECT * FROM sla_definitions FINAL),
    (SELECT groupArray((toString(calendar), toUnixTimestamp64Milli(starts_at), toUnixTimestamp64Milli(ends_at))) FROM calendar_closes FINAL) AS closes,
    (SELECT groupArray((sla, after_ms)) FROM (SELECT toString(sla) AS sla, argMax(at_risk_after_ms, known_at) AS after_ms FROM sla_predictions GROUP BY sla HAVING after_ms > 0)) AS predicted,
    roles AS
    (
        SELECT DISTINCT
            sla, object_type,
            arrayJoin(arrayConcat([toString(start_milestone)], stop_milestones)) AS milestone,
            milestone = start_milestone AS is_start, has(stop_milestones, milestone) AS is_stop
        FROM definitions
    ),
    reached AS
    (
        SELECT
            r.sla AS sla, m.lifecycle_id AS lifecycle_id, m.subject_key AS subject_key,
            max(r.is_start) AS has_start,
            minIf(m.reached_at, r.is_start) AS started_at,
            anyIf(m.amount, r.is_start) AS amount,
            anyIf(m.currency, r.is_start) AS currency,
            groupUniqArrayIf(toString(m.milestone), r.is_stop) AS stops,
            maxIf(m.reached_at, r.is_stop) AS last_stop_at
        FROM
        (
            SELECT lifecycle_id, milestone, subject_key, object_type, reached_at, amount, currency
            FROM milestone_rows FINAL
            WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_touched) AND outcome = 'success'
        ) AS m
        INNER JOIN roles AS r ON r.milestone = m.milestone AND r.object_type = m.object_type
        GROUP BY sla, lifecycle_id, subject_key
        HAVING has_start
    )
SELECT
    c.sla, c.lifecycle_id, c.subject_key, l.state,
    coalesce(
        nullIf(d.calendars[concat('legal_entity:', l.legal_entity)], ''),
        nullIf(d.calendars[concat('region:', l.region)], ''),
        toString(d.default_calendar)) AS calendar,
    toUnixTimestamp64Milli(c.started_at) AS started_ms,
    arrayAll(stop -> has(c.stops, stop), d.stop_milestones) AS is_stopped,
    is_stopped ? toUnixTimestamp64Milli(c.last_stop_at) : now_ms AS end_ms,
    if(d.close_duration_ms > 0 AND arrayExists(k -> k.1 = calendar AND k.2 <= started_ms AND started_ms < k.3, closes),
        d.close_duration_ms, d.duration_ms) AS allowed_ms,
    if(
        ((is_stopped OR d.at_risk_chance = 0 ? 0 : arrayFirst(p -> p.1 = c.sla, predicted).2) AS predicted_after_ms)
            BETWEEN 1 AND (toInt64(allowed_ms * d.at_risk_ratio) AS warned_after_ms) - 1,
        predicted_after_ms, warned_after_ms) AS at_risk_after_ms,
    at_risk_after_ms < warned_after_ms ? 'history' : 'time_used' AS at_risk_by,
    c.amount != 0 ? c.amount : l.contract_value AS value_at_risk,
    c.currency != '' ? c.currency : l.currency AS currency,
    multiIf(
        d.owner != '', d.owner,
        is_stopped, d.stop_owners[-1],
        arrayFirst((owner, stop) -> NOT has(c.stops, stop), d.stop_owners, d.stop_milestones)) AS owner,
    l.client, l.region, l.legal_entity, l.billing_model
FROM reached AS c
INNER JOIN definitions AS d ON d.sla = c.sla
INNER JOIN
(
    SELECT lifecycle_id, journey, state, client, region, legal_entity, billing_model, currency, contract_value
    FROM lifecycle_rows FINAL WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_touched)
) AS l ON l.lifecycle_id = c.lifecycle_id AND l.journey = d.journey
WHERE (empty(d.filters['region']) OR has(d.filters['region'], l.region))
  AND (empty(d.filters['legal_entity']) OR has(d.filters['legal_entity'], l.legal_entity))
  AND (empty(d.filters['billing_model']) OR has(d.filters['billing_model'], l.billing_model))
  AND (empty(d.filters['client']) OR has(d.filters['client'], l.client))
  AND (empty(d.filters['currency']) OR has(d.filters['currency'], l.currency))
