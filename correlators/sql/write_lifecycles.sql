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
        SELECT cityHash64(lifecycle_id) AS lifecycle, superseded_by, object_count, milestones, failed, approved_amount, invoiced_amount, paid_amount, approvals, invoices
        FROM lifecycle_rows FINAL
        WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
    ),
    reached AS
    (
        SELECT lifecycle, groupArrayIf((milestone, done_at), is_done) AS done, groupArrayIf(milestone, NOT is_done) AS failed
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
    expected AS
    (
        SELECT journey, groupArray((toString(milestone), followed_by, is_optional, billing_models, in_effect, position, is_end)) AS all_milestones
        FROM (SELECT * FROM journey_milestones FINAL ORDER BY milestone) GROUP BY journey
    )
SELECT
    lifecycle_id, kind, lifecycle_id, journey, client, region, legal_entity, billing_model, owner, currency,
    arrayLast(w -> w.4 != 0, in_force).4 AS contract_value,
    nullIf(arrayMin(arrayFilter(at -> at > {now:DateTime64(3, 'UTC')}, worths.effective_at)), toDateTime64(0, 3)),
    arrayFirst(m -> has(done, m.1), arrayReverseSort(m -> m.6, expected)).1,
    superseded_by,
    multiIf(
        superseded_by != '', 'superseded',
        arrayExists(m -> m.5 AND has(done, m.1), expected), 'cancelled',
        kind != 'unrooted' AND arrayAll(m -> m.3 OR NOT m.4 OR has(done, m.1), expected)
            AND paid_amount >= invoiced_amount AND invoiced_amount >= approved_amount AND invoiced_amount >= contract_value, 'done',
        notEmpty(failed), 'failed',
        'open'),
    started_at, last_event_at, milestones,
    mapFromArrays(
        expected.1,
        arrayMap(m -> multiIf(has(done, m.1), 'done', NOT m.4, 'not_applicable', has(failed, m.1), 'failed',
            m.3, 'not_applicable', hasAny(m.2, done), 'skipped', 'pending'), expected)),
    event_count, joinGet('scratch_spans', 'span_count', lifecycle), failures + joinGet('scratch_spans', 'span_errors', lifecycle),
    approved_amount, invoiced_amount, paid_amount, greatest(approved_amount - invoiced_amount, 0),
    empty(billings) ? NULL : toInt64(arrayAvg(b -> dateDiff('millisecond', b.2, b.3), billings)),
    billings, systems, object_count, failures, told_model, places, worths, failed, approvals, invoices, {version:UInt64}, 0
FROM
(
    SELECT
        *, firsts.1 AS done, mapFromArrays(firsts.1, firsts.2) AS milestones,
        arraySort(arrayFilter(m -> NOT has(done, m), arrayDistinct(tried))) AS failed,
        arrayFilter(b -> b.2 > toDateTime64(0, 3), arrayMap(
            (bill, i) -> (bill.1, arrayFirst(a -> a <= bill.2 AND (i = 1 OR a > invoices[i - 1].2), approvals), bill.2, bill.3),
            invoices, arrayEnumerate(invoices))) AS billings,
        multiIf(arrayExists(w -> w.5 != '', in_force), arrayLast(w -> w.5 != '', in_force).5,
            told_model != '', told_model, arrayFirst(w -> w.5 != '', worths).5) AS billing_model,
        arrayMap(m -> (m.1, m.2, m.3, (empty(m.4) OR has(m.4, billing_model)) AND arrayExists(e -> e.1 <= started_at AND started_at < e.2, m.5), m.7, m.6),
            all_milestones) AS expected
    FROM
    (
        SELECT
            g.lifecycle AS lifecycle, g.* EXCEPT (lifecycle), joinGet('scratch_nodes', 'object_key', g.lifecycle) AS lifecycle_id, joinGet('scratch_nodes', 'journey', g.lifecycle) AS journey,
            joinGet('scratch_nodes', 'role', g.lifecycle) IN ('root', 'origin') ? joinGet('scratch_nodes', 'object_type', g.lifecycle) : 'unrooted' AS kind,
            x.all_milestones AS all_milestones, b.object_count + h.object_count AS object_count,
            b.superseded_by != '' ? b.superseded_by
                : arrayMin(arrayMap(l -> joinGet('scratch_nodes', 'object_key', l), joinGet('scratch_owners', 'shown', g.lifecycle))) AS superseded_by,
            arraySort(arrayMap(w -> (toDate(greatest(w.effective_at, arrayMin(g.worths.occurred_at))), w.occurred_at, w.event_id, w.amount, w.billing_model),
                arrayFilter(w -> w.effective_at <= {now:DateTime64(3, 'UTC')}, g.worths))) AS in_force,
            arraySort(arrayConcat(CAST(b.milestones, 'Array(Tuple(String, DateTime64(3, \'UTC\')))'), r.done)) AS told_done,
            arrayFilter((d, nth) -> nth = 1, told_done, arrayEnumerateUniq(told_done.1)) AS firsts,
            arrayConcat(CAST(b.failed, 'Array(String)'), r.failed) AS tried,
            b.approved_amount + money.approved_amount AS approved_amount, b.invoiced_amount + money.invoiced_amount AS invoiced_amount,
            b.paid_amount + money.paid_amount AS paid_amount,
            arraySort(arrayConcat(without(b.approvals, money.replaced), money.approvals)) AS approvals,
            arraySort(i -> (i.2, i.1), arrayConcat(arrayFilter(i -> NOT has(money.invoices.1, i.1), b.invoices), money.invoices)) AS invoices
        FROM scratch_facts AS g
        LEFT JOIN held AS h ON h.lifecycle = g.lifecycle
        LEFT JOIN before AS b ON b.lifecycle = g.lifecycle
        LEFT JOIN reached AS r ON r.lifecycle = g.lifecycle
        LEFT JOIN money ON money.lifecycle = g.lifecycle
        LEFT JOIN expected AS x ON x.journey = joinGet('scratch_nodes', 'journey', g.lifecycle)
    )
)
