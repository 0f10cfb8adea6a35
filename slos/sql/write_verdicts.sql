-- Question: what is true now of every clock of the lifecycles that changed, and is it other than the newest verdict says?
-- Parameters: judged_at DateTime64(3), milestones_since and lifecycles_since UInt64 (versions, included), is_full Bool
--   (look at every clock there is), buckets and bucket UInt32 (the share of the lifecycles to do),
--   blind Map(String, Int64): SLAs whose stopping source is silent, with the ms up to which it reported.
-- Writes only verdicts that differ. Grain: one clock. Cost: the milestones of the changed lifecycles.
INSERT INTO clock_verdicts
(
    sla, lifecycle_id, subject_key, known_at, state, reason, calendar, started_at, at_risk_at, due_at, stopped_at,
    elapsed_business_ms, paused_ms, value_at_risk, currency, owner, client, region, legal_entity, billing_model
)
WITH
    toUnixTimestamp64Milli({judged_at:DateTime64(3, 'UTC')}) AS now_ms,
    touched AS
    (
        SELECT lifecycle_id
        FROM
        (
            SELECT lifecycle_id FROM milestone_rows WHERE version >= {milestones_since:UInt64}
            UNION DISTINCT
            SELECT lifecycle_id FROM lifecycle_rows WHERE version >= {lifecycles_since:UInt64}
            UNION DISTINCT
            SELECT lifecycle_id FROM clock_rows WHERE {is_full:Bool}
        )
        WHERE cityHash64(lifecycle_id) % {buckets:UInt32} = {bucket:UInt32}
    ),
    roles AS
    (
        SELECT sla, object_type, arrayJoin(arrayPushFront(stop_milestones, toString(start_milestone))) AS milestone,
            milestone = start_milestone AS is_start
        FROM sla_definitions FINAL
    ),
    spans AS (SELECT toString(calendar) AS calendar, toUnixTimestamp64Milli(opens_at) AS opens_ms,
        toUnixTimestamp64Milli(closes_at) AS closes_ms, open_before_ms FROM calendar_spans FINAL),
    reached AS
    (
        SELECT
            r.sla AS sla, m.lifecycle_id AS lifecycle_id, m.subject_key AS subject_key,
            max(r.is_start) AS has_start,
            minIf(m.reached_at, r.is_start) AS started_at,
            anyIf(m.amount, r.is_start) AS amount,
            anyIf(m.currency, r.is_start) AS currency,
            groupUniqArrayIf(toString(m.milestone), NOT r.is_start) AS stops,
            maxIf(m.reached_at, NOT r.is_start) AS last_stop_at
        FROM
        (
            SELECT lifecycle_id, milestone, subject_key, object_type, reached_at, amount, currency
            FROM milestone_rows FINAL
            WHERE lifecycle_id IN (SELECT lifecycle_id FROM touched) AND outcome = 'success'
        ) AS m
        INNER JOIN roles AS r ON r.milestone = m.milestone AND r.object_type = m.object_type
        GROUP BY sla, lifecycle_id, subject_key
        HAVING has_start
    ),
    promised AS
    (
        SELECT
            c.sla AS sla, c.lifecycle_id AS lifecycle_id, c.subject_key AS subject_key, l.state AS lifecycle_state,
            toUnixTimestamp64Milli(c.started_at) AS started_ms,
            arrayAll(stop -> has(c.stops, stop), d.stop_milestones) AS is_stopped,
            is_stopped ? toUnixTimestamp64Milli(c.last_stop_at) : 0 AS stopped_ms,
            is_stopped ? stopped_ms : now_ms AS end_ms,
            d.duration_ms AS duration_ms,
            toInt64(d.duration_ms * d.at_risk_ratio) AS at_risk_after_ms,
            coalesce(
                nullIf(d.calendars[concat('legal_entity:', l.legal_entity)], ''),
                nullIf(d.calendars[concat('region:', l.region)], ''),
                toString(d.default_calendar)) AS calendar,
            c.amount != 0 ? c.amount : l.contract_value AS value_at_risk,
            toString(c.currency != '' ? c.currency : l.currency) AS currency,
            d.owner != '' ? d.owner : arrayFirst((owner, stop) -> NOT has(c.stops, stop) OR (is_stopped AND stop = d.stop_milestones[-1]),
                d.stop_owners, d.stop_milestones) AS owner,
            toString(l.client) AS client, toString(l.region) AS region, toString(l.legal_entity) AS legal_entity,
            toString(l.billing_model) AS billing_model
        FROM reached AS c
        INNER JOIN (SELECT * FROM sla_definitions FINAL) AS d ON d.sla = c.sla
        INNER JOIN
        (
            SELECT lifecycle_id, journey, state, client, region, legal_entity, billing_model, currency, contract_value
            FROM lifecycle_rows FINAL WHERE lifecycle_id IN (SELECT lifecycle_id FROM touched)
        ) AS l ON l.lifecycle_id = c.lifecycle_id AND l.journey = d.journey
        WHERE (empty(d.filters['region']) OR has(d.filters['region'], region))
          AND (empty(d.filters['legal_entity']) OR has(d.filters['legal_entity'], legal_entity))
          AND (empty(d.filters['billing_model']) OR has(d.filters['billing_model'], billing_model))
          AND (empty(d.filters['client']) OR has(d.filters['client'], client))
          AND (empty(d.filters['currency']) OR has(d.filters['currency'], currency))
    ),
    measured AS
    (
        SELECT p.*, s.open_before_ms + least(p.started_ms, s.closes_ms) - s.opens_ms AS start_open_ms,
            start_open_ms + p.at_risk_after_ms AS at_risk_open_ms, start_open_ms + p.duration_ms AS due_open_ms
        FROM promised AS p ASOF LEFT JOIN spans AS s ON s.calendar = p.calendar AND s.opens_ms <= p.started_ms
    ),
    ended AS
    (
        SELECT p.*, greatest(0, s.open_before_ms + least(p.end_ms, s.closes_ms) - s.opens_ms - p.start_open_ms) AS elapsed_ms
        FROM measured AS p ASOF LEFT JOIN spans AS s ON s.calendar = p.calendar AND s.opens_ms <= p.end_ms
    ),
    warned AS
    (
        SELECT p.*, s.opens_ms + p.at_risk_open_ms - s.open_before_ms AS at_risk_ms
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
                is_stopped AND stopped_ms <= due_ms, ('met', 'stopped_in_time'),
                is_stopped, ('missed', 'stopped_late'),
                lifecycle_state = 'cancelled', ('cancelled', 'lifecycle_cancelled'),
                now_ms > due_ms AND mapContains({blind:Map(String, Int64)}, toString(sla)) AND due_ms > {blind:Map(String, Int64)}[toString(sla)], ('unknown', 'source_silent'),
                now_ms > due_ms, ('breached', 'past_due'),
                now_ms >= at_risk_ms, ('at_risk', 'past_warning'),
                ('running', 'in_time')) AS verdict,
            1 AS is_clock
        FROM due
    )
SELECT
    sla, lifecycle_id, subject_key,
    {judged_at:DateTime64(3, 'UTC')} AS known_at,
    multiIf(NOT j.is_clock, 'cancelled', j.verdict.1 = 'unknown' AND h.state = 'breached' AND j.due_ms = h.due_ms, 'breached', j.verdict.1) AS state,
    multiIf(
        j.is_clock, state = 'breached' ? 'past_due' : j.verdict.2,
        sla NOT IN (SELECT sla FROM sla_definitions FINAL), 'sla_removed',
        lifecycle_id IN (SELECT lifecycle_id FROM lifecycle_rows FINAL WHERE superseded_by = '' AND lifecycle_id IN (SELECT lifecycle_id FROM touched)), 'start_withdrawn',
        'lifecycle_superseded') AS reason,
    j.is_clock ? j.calendar : h.calendar AS calendar,
    fromUnixTimestamp64Milli(j.is_clock ? j.started_ms : h.started_ms, 'UTC') AS started_at,
    fromUnixTimestamp64Milli(j.is_clock ? j.at_risk_ms : h.at_risk_ms, 'UTC') AS at_risk_at,
    fromUnixTimestamp64Milli(j.is_clock ? j.due_ms : h.due_ms, 'UTC') AS due_at,
    j.is_stopped ? fromUnixTimestamp64Milli(j.stopped_ms, 'UTC') : NULL AS stopped_at,
    j.is_clock ? j.elapsed_ms : h.elapsed_business_ms AS elapsed_business_ms,
    0 AS paused_ms,
    j.is_clock ? j.value_at_risk : h.value_at_risk AS value_at_risk,
    j.is_clock ? j.currency : h.currency AS currency,
    j.is_clock ? j.owner : h.owner AS owner,
    j.is_clock ? j.client : h.client AS client,
    j.is_clock ? j.region : h.region AS region,
    j.is_clock ? j.legal_entity : h.legal_entity AS legal_entity,
    j.is_clock ? j.billing_model : h.billing_model AS billing_model
FROM judged AS j
FULL OUTER JOIN
(
    SELECT
        sla, lifecycle_id, subject_key, toString(state) AS state, toString(calendar) AS calendar,
        toUnixTimestamp64Milli(started_at) AS started_ms, toUnixTimestamp64Milli(at_risk_at) AS at_risk_ms,
        toUnixTimestamp64Milli(due_at) AS due_ms, ifNull(toUnixTimestamp64Milli(stopped_at), 0) AS stopped_ms,
        elapsed_business_ms, value_at_risk, toString(currency) AS currency, owner, toString(client) AS client,
        toString(region) AS region, toString(legal_entity) AS legal_entity, toString(billing_model) AS billing_model
    FROM clock_rows FINAL
    WHERE lifecycle_id IN (SELECT lifecycle_id FROM touched)
) AS h USING (sla, lifecycle_id, subject_key)
WHERE j.is_clock
    ? (state, j.calendar, j.started_ms, j.at_risk_ms, j.due_ms, j.stopped_ms, j.value_at_risk, j.currency, j.owner, j.client, j.region, j.legal_entity, j.billing_model)
        != (h.state, h.calendar, h.started_ms, h.at_risk_ms, h.due_ms, h.stopped_ms, h.value_at_risk, h.currency, h.owner, h.client, h.region, h.legal_entity, h.billing_model)
    : h.state != 'cancelled' AND NOT (h.state IN ('met', 'missed') AND reason = 'sla_removed')
