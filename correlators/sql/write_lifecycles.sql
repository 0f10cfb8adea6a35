-- Question: what does each lifecycle of the step look like now? Computed from its events, milestones and spans; of one that only
-- grows, from what it was and what is new.
-- Parameters: version UInt64, now DateTime64 (which amendments are in effect). Grain: one lifecycle.
-- Cost: the milestones and members of the step, one row of each lifecycle that grows, the span keys of its runs.
INSERT INTO lifecycle_rows
(
    lifecycle_id, kind, root_key, journey, client, region, legal_entity, billing_model, owner, currency, contract_value, next_effective_at,
    stage, superseded_by, state, started_at, last_event_at, milestones, milestone_states, event_count, span_count, error_count,
    approved_amount, invoiced_amount, paid_amount, unbilled_amount, time_to_bill_ms, billings, systems, object_count,
    failures, told_model, told_places, worths, failed, approvals, invoices, version, is_deleted
)
WITH
    -- The terms that are in force, the last ones last; when each milestone was first done, and which are expected to be.
    arraySort(arrayMap(w -> (toDate(greatest(w.effective_at, arrayMin(g.worths.occurred_at))), w.occurred_at, w.event_id, w.amount, w.billing_model),
        arrayFilter(w -> w.effective_at <= {now:DateTime64(3, 'UTC')}, g.worths))) AS in_force,
    arraySort(arrayConcat(CAST(b.milestones, 'Array(Tuple(String, DateTime64(3, \'UTC\')))'), CAST(r.done, 'Array(Tuple(String, DateTime64(3, \'UTC\')))'))) AS told_done,
    arrayFilter((d, nth) -> nth = 1, told_done, arrayEnumerateUniq(told_done.1)) AS firsts,
    firsts.1 AS done,
    arrayMap(m -> (m.1, m.2, m.3, (empty(m.4) OR has(m.4, billing_model)) AND arrayExists(e -> e.1 <= g.started_at AND g.started_at < e.2, m.5)), x.all_milestones) AS milestones_of,
    -- What is left of times when some are taken out, each as often as it is named.
    (times, gone) -> arrayFilter((at, nth) -> nth > countEqual(gone, at), times, arrayEnumerateUniq(times)) AS without,
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
        SELECT cityHash64(lifecycle_id) AS lifecycle, * FROM lifecycle_rows FINAL
        WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
    ),
    reached AS
    (
        SELECT lifecycle, mapFromArrays(groupArrayIf(milestone, is_done), groupArrayIf(done_at, is_done)) AS done, groupArrayIf(milestone, NOT is_done) AS failed
        FROM
        (
            SELECT lifecycle, toString(any(m.milestone)) AS milestone, minIf(m.reached_at, m.outcome = 'success') AS done_at, countIf(m.outcome = 'success') > 0 AS is_done
            FROM scratch_milestones AS m GROUP BY lifecycle, position
        )
        GROUP BY lifecycle
    ),
    money AS
    (
        SELECT
            lifecycle,
            sumIf(amount, measure = 'approved') AS approved_amount, sumIf(amount, measure = 'invoiced') AS invoiced_amount, sumIf(amount, measure = 'paid') AS paid_amount,
            groupArrayIf(at, measure = 'approved' AND is_done AND is_now) AS approvals,
            groupArrayIf(at, measure = 'approved' AND is_done AND NOT is_now) AS replaced,
            groupArrayIf((subject_key, at, amount), measure = 'invoiced' AND is_done AND is_now) AS invoices
        FROM
        (
            SELECT lifecycle, measure, reached_at AS at, outcome = 'success' AS is_done, amount, subject_key, true AS is_now FROM scratch_milestones WHERE measure != ''
            UNION ALL
            SELECT lifecycle, measure, occurred_at, outcome = 'success', -part, '', false FROM scratch_reached WHERE measure != ''
        )
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
        SELECT journey, groupArray((toString(milestone), followed_by, is_optional, billing_models, in_effect, position, is_end)) AS all_milestones
        FROM (SELECT * FROM journey_milestones FINAL ORDER BY milestone) GROUP BY journey
    )
SELECT
    joinGet('scratch_nodes', 'object_key', g.lifecycle) AS id,
    joinGet('scratch_nodes', 'role', g.lifecycle) IN ('root', 'origin') ? joinGet('scratch_nodes', 'object_type', g.lifecycle) : 'unrooted' AS kind,
    id AS root_key,
    joinGet('scratch_nodes', 'journey', g.lifecycle) AS journey,
    g.client, g.region, g.legal_entity,
    multiIf(arrayExists(w -> w.5 != '', in_force), arrayLast(w -> w.5 != '', in_force).5,
        g.told_model != '', g.told_model, arrayFirst(w -> w.5 != '', g.worths).5) AS billing_model,
    g.owner, g.currency,
    arrayLast(w -> w.4 != 0, in_force).4 AS contract_value,
    nullIf(arrayMin(arrayFilter(at -> at > {now:DateTime64(3, 'UTC')}, g.worths.effective_at)), toDateTime64(0, 3)) AS next_effective_at,
    arrayFirst(m -> has(done, m.1), arrayReverseSort(m -> m.6, x.all_milestones)).1 AS stage,
    b.superseded_by != '' ? b.superseded_by
        : arrayMin(arrayMap(l -> joinGet('scratch_nodes', 'object_key', l), joinGet('scratch_owners', 'shown', g.lifecycle))) AS superseded_by,
    multiIf(
        superseded_by != '', 'superseded',
        arrayExists(m -> m.7 AND has(done, m.1), x.all_milestones), 'cancelled',
        kind != 'unrooted' AND arrayAll(m -> m.3 OR NOT m.4 OR has(done, m.1), milestones_of)
            AND paid_amount >= invoiced_amount AND invoiced_amount >= approved_amount
            AND invoiced_amount >= contract_value, 'done',
        notEmpty(failed), 'failed',
        'open') AS state,
    g.started_at, g.last_event_at, mapFromArrays(firsts.1, firsts.2) AS milestones,
    mapFromArrays(
        arrayMap(m -> m.1, milestones_of),
        arrayMap(m -> multiIf(has(done, m.1), 'done', NOT m.4, 'not_applicable', has(failed, m.1), 'failed',
            m.3, 'not_applicable', hasAny(m.2, done), 'skipped', 'pending'), milestones_of)) AS milestone_states,
    g.event_count, p.span_count, g.failures + p.span_errors,
    b.approved_amount + money.approved_amount AS approved_amount, b.invoiced_amount + money.invoiced_amount AS invoiced_amount,
    b.paid_amount + money.paid_amount AS paid_amount,
    greatest(approved_amount - invoiced_amount, 0) AS unbilled_amount,
    empty(billings) ? NULL : toInt64(arrayAvg(b -> dateDiff('millisecond', b.2, b.3), billings)) AS time_to_bill_ms,
    arrayFilter(b -> b.2 > toDateTime64(0, 3), arrayMap(
        (bill, i) -> (bill.1, arrayFirst(a -> a <= bill.2 AND (i = 1 OR a > invoices[i - 1].2), approvals), bill.2, bill.3),
        invoices, arrayEnumerate(invoices))) AS billings,
    g.systems, b.object_count + h.object_count,
    g.failures, g.told_model, g.places AS told_places, g.worths,
    arraySort(arrayFilter(m -> NOT has(done, m), arrayDistinct(arrayConcat(CAST(b.failed, 'Array(String)'), r.failed)))) AS failed,
    arraySort(arrayConcat(without(b.approvals, money.replaced), money.approvals)) AS approvals,
    arraySort(i -> (i.2, i.1), arrayConcat(arrayFilter(i -> NOT has(money.invoices.1, i.1), b.invoices), money.invoices)) AS invoices,
    {version:UInt64}, 0
FROM scratch_facts AS g
LEFT JOIN held AS h ON h.lifecycle = g.lifecycle
LEFT JOIN before AS b ON b.lifecycle = g.lifecycle
LEFT JOIN span_facts AS p ON p.lifecycle = g.lifecycle
LEFT JOIN reached AS r ON r.lifecycle = g.lifecycle
LEFT JOIN money ON money.lifecycle = g.lifecycle
LEFT JOIN expected AS x ON x.journey = joinGet('scratch_nodes', 'journey', g.lifecycle)
