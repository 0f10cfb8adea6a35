-- Question: what is each rewritten lifecycle now? One row from its members, events, milestones and spans.
-- Parameters: version UInt64, now DateTime64 (which amendments are in effect). Grain: one lifecycle. Cost: the step's events and the span keys of their correlation ids.
INSERT INTO lifecycle_rows
WITH
    known AS (SELECT j.object_type AS object_type, min(j.journey) AS journey, argMin(j.role, j.journey) AS role FROM journey_types AS j FINAL GROUP BY j.object_type),
    declared AS (SELECT * FROM journey_milestones FINAL),
    tops AS
    (
        SELECT lifecycle_id, splitByChar(':', lifecycle_id)[2] AS top_type, uniqExactIf(node, NOT is_shown) AS object_count
        FROM scratch_members WHERE is_rewritten GROUP BY lifecycle_id
    ),
    successors AS
    (
        SELECT cluster AS lifecycle_id, min(scratch_members.lifecycle_id) AS superseded_by
        FROM scratch_members WHERE is_shown GROUP BY cluster
    ),
    facts AS
    (
        SELECT
            e.lifecycle_id AS lifecycle_id, min(e.occurred_at) AS started_at, max(e.occurred_at) AS last_event_at,
            count() AS event_count, countIf(e.outcome = 'failure') AS failures, arraySort(groupUniqArray(e.system)) AS systems,
            argMaxIf(e.client, e.rank, e.client != '') AS client,
            argMaxIf(e.region, e.rank, e.region != '') AS region,
            argMaxIf(e.legal_entity, e.rank, e.legal_entity != '') AS legal_entity,
            argMaxIf(e.billing_model, e.rank, e.billing_model != '') AS billing_model,
            argMaxIf(e.owner, e.rank, e.owner != '') AS owner,
            argMaxIf(e.currency, e.rank, e.currency != '') AS currency
        FROM
        (
            SELECT *, (subject_key = lifecycle_id, occurred_at, source, event_id) AS rank
            FROM scratch_events WHERE is_rewritten
        ) AS e
        GROUP BY e.lifecycle_id
    ),
    span_facts AS
    (
        SELECT w.lifecycle_id AS lifecycle_id, uniqExact(s.trace_id, s.span_id) AS span_count,
            uniqExactIf((s.trace_id, s.span_id), s.is_error) AS span_errors
        FROM
        (
            SELECT DISTINCT lifecycle_id, arrayJoin([concat('correlation_id::', correlation_id), concat('trace::', trace_id)]) AS key
            FROM scratch_events WHERE is_rewritten
            UNION DISTINCT
            SELECT DISTINCT lifecycle_id, node AS key FROM scratch_members WHERE is_rewritten
        ) AS w
        INNER JOIN
        (
            SELECT * FROM span_keys FINAL WHERE key IN
            (
                SELECT arrayJoin([concat('correlation_id::', correlation_id), concat('trace::', trace_id)]) FROM scratch_events WHERE is_rewritten
                UNION DISTINCT
                SELECT node FROM scratch_members WHERE is_rewritten
            )
        ) AS s ON s.key = w.key
        GROUP BY lifecycle_id
    ),
    reached AS
    (
        SELECT
            lifecycle_id,
            mapFromArrays(groupArrayIf(milestone, done_at > toDateTime64(0, 3)), groupArrayIf(done_at, done_at > toDateTime64(0, 3))) AS milestones,
            groupArrayIf(milestone, done_at > toDateTime64(0, 3)) AS done,
            groupArrayIf(milestone, done_at = toDateTime64(0, 3)) AS failed,
            argMaxIf(milestone, position, done_at > toDateTime64(0, 3)) AS stage,
            maxIf(position, done_at > toDateTime64(0, 3)) AS stage_position,
            max(is_end AND done_at > toDateTime64(0, 3)) AS is_ended
        FROM
        (
            SELECT lifecycle_id, milestone, any(m.position) AS position, any(m.is_end) AS is_end,
                minIf(m.reached_at, m.outcome = 'success') AS done_at
            FROM scratch_milestones AS m GROUP BY lifecycle_id, milestone
        )
        GROUP BY lifecycle_id
    ),
    money AS
    (
        SELECT
            m.lifecycle_id AS lifecycle_id,
            sumIf(m.amount, m.measure = 'approved') AS approved_amount,
            sumIf(m.amount, m.measure = 'invoiced') AS invoiced_amount,
            sumIf(m.amount, m.measure = 'paid') AS paid_amount,
            arraySort(groupArrayIf(m.reached_at, m.measure = 'approved' AND m.outcome = 'success')) AS approvals,
            arraySort(x -> (x.3, x.1), groupArrayIf((m.subject_key, m.reached_at, m.reached_at, m.amount), m.measure = 'invoiced' AND m.outcome = 'success')) AS invoices,
            arrayMap((x, i) -> (x.1, arrayFirst(a -> a <= x.3 AND (i = 1 OR a > invoices[i - 1].3), approvals), x.3, x.4),
                invoices, arrayEnumerate(invoices)) AS paired,
            arrayFilter(b -> b.2 > toDateTime64(0, 3), paired) AS billings
        FROM scratch_milestones AS m
        GROUP BY lifecycle_id
    ),
    terms AS
    (
        SELECT
            v.lifecycle_id AS lifecycle_id,
            argMaxIf(v.amount, (toDate(v.effective_at), v.occurred_at, v.event_id), v.effective_at <= {now:DateTime64(3, 'UTC')}) AS contract_value,
            minIf(v.effective_at, v.effective_at > {now:DateTime64(3, 'UTC')}) AS next_effective_at
        FROM
        (
            SELECT r.lifecycle_id AS lifecycle_id, e.event_id AS event_id, e.occurred_at AS occurred_at, a.amount AS amount,
                ifNull(parseDateTime64BestEffortOrNull(e.attributes['effective_on'], 3, 'UTC'), e.occurred_at) AS effective_at
            FROM scratch_reached AS r
            INNER JOIN scratch_events AS e
                ON e.lifecycle_id = r.lifecycle_id AND e.source = r.source AND e.event_id = r.event_id
            LEFT JOIN scratch_amounts AS a
                ON a.lifecycle_id = r.lifecycle_id AND a.source = r.source AND a.event_id = r.event_id
            WHERE r.measure = 'value' AND e.outcome != 'failure'
        ) AS v
        GROUP BY lifecycle_id
    ),
    expected AS
    (
        SELECT
            t.lifecycle_id AS lifecycle_id,
            groupArray((d.milestone, d.position, d.is_optional, empty(d.billing_models) OR has(d.billing_models, g.billing_model))) AS all_milestones
        FROM tops AS t
        INNER JOIN known AS k ON k.object_type = t.top_type
        INNER JOIN declared AS d ON d.journey = k.journey
        LEFT JOIN facts AS g ON g.lifecycle_id = t.lifecycle_id
        GROUP BY lifecycle_id
    )
SELECT
    t.lifecycle_id,
    multiIf(k.role IN ('root', 'origin'), t.top_type, 'unrooted') AS kind,
    t.lifecycle_id AS root_key,
    k.journey, g.client, g.region, g.legal_entity, g.billing_model, g.owner, g.currency, terms.contract_value,
    terms.next_effective_at > toDateTime64(0, 3) ? terms.next_effective_at : NULL AS next_effective_at,
    r.stage,
    multiIf(
        s.superseded_by != '', 'superseded',
        r.is_ended, 'cancelled',
        kind != 'unrooted' AND arrayAll(m -> m.3 OR NOT m.4 OR has(r.done, m.1), x.all_milestones)
            AND money.paid_amount >= money.invoiced_amount AND money.invoiced_amount >= money.approved_amount
            AND money.invoiced_amount >= terms.contract_value, 'done',
        notEmpty(r.failed), 'failed',
        'open') AS state,
    g.started_at, g.last_event_at, r.milestones,
    mapFromArrays(
        arrayMap(m -> m.1, x.all_milestones),
        arrayMap(m -> multiIf(has(r.done, m.1), 'done', NOT m.4, 'not_applicable', has(r.failed, m.1), 'failed',
            m.3, 'not_applicable', m.2 < r.stage_position, 'skipped', 'pending'), x.all_milestones)) AS milestone_states,
    g.event_count, p.span_count, g.failures + p.span_errors,
    money.approved_amount, money.invoiced_amount, money.paid_amount,
    greatest(money.approved_amount - money.invoiced_amount, 0) AS unbilled_amount,
    empty(money.billings) ? NULL : toInt64(arrayAvg(b -> dateDiff('millisecond', b.2, b.3), money.billings)) AS time_to_bill_ms,
    money.billings, g.systems, t.object_count, s.superseded_by, {version:UInt64}, 0
FROM tops AS t
INNER JOIN known AS k ON k.object_type = t.top_type
LEFT JOIN successors AS s ON s.lifecycle_id = t.lifecycle_id
LEFT JOIN facts AS g ON g.lifecycle_id = t.lifecycle_id
LEFT JOIN span_facts AS p ON p.lifecycle_id = t.lifecycle_id
LEFT JOIN reached AS r ON r.lifecycle_id = t.lifecycle_id
LEFT JOIN money ON money.lifecycle_id = t.lifecycle_id
LEFT JOIN terms ON terms.lifecycle_id = t.lifecycle_id
LEFT JOIN expected AS x ON x.lifecycle_id = t.lifecycle_id
WHERE g.event_count > 0
