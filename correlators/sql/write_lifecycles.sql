-- Question: what does each lifecycle of the step look like now? Computed whole, from its members, events, milestones and spans.
-- Parameters: version UInt64, now DateTime64 (which amendments are in effect). Grain: one lifecycle.
-- Cost: the milestones and members of the step, the span keys of its runs.
INSERT INTO lifecycle_rows
(
    lifecycle_id, kind, root_key, journey, client, region, legal_entity, billing_model, owner,
    currency, contract_value, next_effective_at, stage, superseded_by, state, started_at, last_event_at, milestones, milestone_states, event_count, span_count, error_count, approved_amount, invoiced_amount, paid_amount, unbilled_amount, time_to_bill_ms, billings, systems, object_count, version, is_deleted
)
WITH
    declared AS (SELECT * FROM journey_milestones FINAL),
    held AS
    (
        SELECT lifecycle, count() AS object_count FROM
        (
            SELECT arrayJoin(owned) AS lifecycle FROM scratch_owners
            WHERE toYear(joinGet('scratch_nodes', 'first_seen', node)) < 2299 AND lifecycle NOT IN (SELECT cityHash64(lifecycle_id) FROM scratch_grown)
            UNION ALL
            SELECT cityHash64(arrayJoin(new_lifecycles) AS name) FROM scratch_changes WHERE name IN (SELECT lifecycle_id FROM scratch_grown)
        )
        GROUP BY lifecycle
    ),
    before AS
    (
        SELECT cityHash64(lifecycle_id) AS lifecycle, superseded_by, object_count FROM lifecycle_rows FINAL
        WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
    ),
    reached AS
    (
        SELECT
            lifecycle,
            mapFromArrays(groupArrayIf(milestone, done_at > toDateTime64(0, 3)), groupArrayIf(done_at, done_at > toDateTime64(0, 3))) AS milestones,
            groupArrayIf(milestone, done_at > toDateTime64(0, 3)) AS done,
            groupArrayIf(milestone, done_at = toDateTime64(0, 3)) AS failed,
            argMaxIf(milestone, position, done_at > toDateTime64(0, 3)) AS stage,
            max(is_end AND done_at > toDateTime64(0, 3)) AS is_ended
        FROM
        (
            SELECT lifecycle, toString(any(m.milestone)) AS milestone, position, any(m.is_end) AS is_end,
                minIf(m.reached_at, m.outcome = 'success') AS done_at
            FROM scratch_milestones AS m GROUP BY lifecycle, position
            ORDER BY lifecycle, milestone
        )
        GROUP BY lifecycle
    ),
    money AS
    (
        SELECT
            m.lifecycle AS lifecycle,
            sumIf(m.amount, m.measure = 'approved') AS approved_amount,
            sumIf(m.amount, m.measure = 'invoiced') AS invoiced_amount,
            sumIf(m.amount, m.measure = 'paid') AS paid_amount,
            arraySort(groupArrayIf(m.reached_at, m.measure = 'approved' AND m.outcome = 'success')) AS approvals,
            arraySort(x -> (x.3, x.1), groupArrayIf((m.subject_key, m.reached_at, m.reached_at, m.amount), m.measure = 'invoiced' AND m.outcome = 'success')) AS invoices,
            arrayMap((x, i) -> (x.1, arrayFirst(a -> a <= x.3 AND (i = 1 OR a > invoices[i - 1].3), approvals), x.3, x.4),
                invoices, arrayEnumerate(invoices)) AS paired,
            arrayFilter(b -> b.2 > toDateTime64(0, 3), paired) AS billings
        FROM scratch_milestones AS m
        WHERE m.measure IN ('approved', 'invoiced', 'paid')
        GROUP BY lifecycle
    ),
    span_facts AS
    (
        SELECT w.lifecycle AS lifecycle, uniqExact(s.trace_id, s.span_id) AS span_count,
            uniqExactIf((s.trace_id, s.span_id), s.is_error) AS span_errors
        FROM
        (
            SELECT DISTINCT lifecycle, arrayJoin([concat('correlation_id::', correlation_id), concat('trace::', trace_id)]) AS key
            FROM scratch_rows WHERE {has_spans:Bool}
            UNION DISTINCT
            SELECT cityHash64(lifecycle_id), arrayJoin([concat('correlation_id::', correlation_id), concat('trace::', trace_id)])
            FROM lifecycle_event_rows FINAL WHERE {has_spans:Bool} AND lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
            UNION DISTINCT
            SELECT arrayJoin(arrayConcat(owned, shown)) AS lifecycle, joinGet('scratch_nodes', 'object_key', node) AS key FROM scratch_owners WHERE {has_spans:Bool}
            UNION DISTINCT
            SELECT cityHash64(lifecycle_id), object_key FROM lifecycle_object_rows FINAL
            WHERE {has_spans:Bool} AND lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
        ) AS w
        INNER JOIN
        (
            SELECT * FROM span_keys FINAL WHERE {has_spans:Bool} AND key IN
            (
                SELECT arrayJoin([concat('correlation_id::', correlation_id), concat('trace::', trace_id)]) FROM scratch_events
                UNION DISTINCT
                SELECT arrayJoin([concat('correlation_id::', correlation_id), concat('trace::', trace_id)])
                FROM lifecycle_event_rows FINAL WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
                UNION DISTINCT
                SELECT object_key FROM scratch_nodes
                UNION DISTINCT
                SELECT object_key FROM lifecycle_object_rows WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
            )
        ) AS s ON s.key = w.key
        GROUP BY lifecycle
    ),
    expected AS
    (
        SELECT
            g.lifecycle AS lifecycle,
            groupArray((toString(d.milestone), d.followed_by, d.is_optional, (empty(d.billing_models) OR has(d.billing_models, g.billing_model))
                AND arrayExists(p -> p.1 <= g.started_at AND g.started_at < p.2, d.in_effect))) AS all_milestones
        FROM (SELECT lifecycle, billing_model, started_at, joinGet('scratch_nodes', 'journey', lifecycle) AS journey FROM scratch_facts) AS g
        INNER JOIN (SELECT * FROM declared ORDER BY milestone) AS d ON d.journey = g.journey
        GROUP BY lifecycle
    )
SELECT
    joinGet('scratch_nodes', 'object_key', g.lifecycle) AS id,
    joinGet('scratch_nodes', 'role', g.lifecycle) IN ('root', 'origin') ? joinGet('scratch_nodes', 'object_type', g.lifecycle) : 'unrooted' AS kind,
    id AS root_key,
    joinGet('scratch_nodes', 'journey', g.lifecycle) AS journey,
    g.client, g.region, g.legal_entity, g.billing_model, g.owner, g.currency,
    arraySort(arrayMap(w -> (toDate(greatest(w.effective_at, arrayMin(g.worths.occurred_at))), w.occurred_at, w.event_id, w.amount), arrayFilter(w -> w.effective_at <= {now:DateTime64(3, 'UTC')}, g.worths)))[-1].4 AS contract_value,
    nullIf(arrayMin(arrayFilter(at -> at > {now:DateTime64(3, 'UTC')}, g.worths.effective_at)), toDateTime64(0, 3)) AS next_effective_at,
    r.stage,
    b.superseded_by != '' ? b.superseded_by
        : arrayMin(arrayMap(l -> joinGet('scratch_nodes', 'object_key', l), joinGet('scratch_owners', 'shown', g.lifecycle))) AS superseded_by,
    multiIf(
        superseded_by != '', 'superseded',
        r.is_ended, 'cancelled',
        kind != 'unrooted' AND arrayAll(m -> m.3 OR NOT m.4 OR has(r.done, m.1), x.all_milestones)
            AND money.paid_amount >= money.invoiced_amount AND money.invoiced_amount >= money.approved_amount
            AND money.invoiced_amount >= contract_value, 'done',
        notEmpty(r.failed), 'failed',
        'open') AS state,
    g.started_at, g.last_event_at, r.milestones,
    mapFromArrays(
        arrayMap(m -> m.1, x.all_milestones),
        arrayMap(m -> multiIf(has(r.done, m.1), 'done', NOT m.4, 'not_applicable', has(r.failed, m.1), 'failed',
            m.3, 'not_applicable', hasAny(m.2, r.done), 'skipped', 'pending'), x.all_milestones)) AS milestone_states,
    g.event_count, p.span_count, g.failures + p.span_errors,
    money.approved_amount, money.invoiced_amount, money.paid_amount,
    greatest(money.approved_amount - money.invoiced_amount, 0) AS unbilled_amount,
    empty(money.billings) ? NULL : toInt64(arrayAvg(b -> dateDiff('millisecond', b.2, b.3), money.billings)) AS time_to_bill_ms,
    money.billings, g.systems, b.object_count + h.object_count, {version:UInt64}, 0
FROM scratch_facts AS g
LEFT JOIN held AS h ON h.lifecycle = g.lifecycle
LEFT JOIN before AS b ON b.lifecycle = g.lifecycle
LEFT JOIN span_facts AS p ON p.lifecycle = g.lifecycle
LEFT JOIN reached AS r ON r.lifecycle = g.lifecycle
LEFT JOIN money ON money.lifecycle = g.lifecycle
LEFT JOIN expected AS x ON x.lifecycle = g.lifecycle
