-- Question: what does each event mean to each of the lifecycles that are written anew: its part of the amount, the milestones it
-- reaches there, each with its subject? Grain: one event in one lifecycle. Cost: the step's events.
INSERT INTO scratch_rows
SELECT
    p.is_new, p.event, p.shape, p.source, p.event_id, p.event_type, p.system, p.subject_key, p.occurred_at, p.outcome, p.error_category, p.correlation_id, p.trace_id, p.objects, p.links, p.lines,
    p.amount, p.currency, p.client, p.region, p.legal_entity, p.billing_model, p.owner, p.attributes, p.takes_amount, p.worth_in, p.confidence, p.lifecycles,
    lifecycle,
    multiIf(p.confidence != 'declared', toDecimal64(0, 2), length(p.lifecycles) = 1 AND empty(p.lines), p.worth,
        joinGet('scratch_parts', 'parts', p.event)[lifecycle]) AS part,
    arrayFlatten(arrayMap(
        r -> arrayMap(
            subject -> (r.position, r.milestone, r.measure, r.is_end, r.object_type, subject),
            empty(r.named_at) ? [lifecycle] : arrayDistinct(arrayMap(
                i -> joinGet('scratch_owners', 'cluster', p.nodes[i]),
                arrayFilter(i -> has(joinGet('scratch_owners', 'owned', p.nodes[i]), lifecycle)
                    OR has(joinGet('scratch_owners', 'shown', p.nodes[i]), lifecycle), r.named_at)))),
        arrayFilter(
            r -> r.journey = joinGet('scratch_nodes', 'journey', lifecycle) AND arrayAll((k, v) -> p.attributes[k] = v, mapKeys(r.conditions), mapValues(r.conditions)),
            joinGet('scratch_shapes', 'reaches', p.shape)))) AS reached,
    arrayExists(r -> r.3 = 'value', reached) AS is_value,
    is_value ? ifNull(parseDateTime64BestEffortOrNull(p.attributes['effective_on'], 3, 'UTC'), p.occurred_at) : toDateTime64(0, 3, 'UTC')
FROM scratch_placed AS p
ARRAY JOIN arrayFilter(l -> l NOT IN scratch_untouched, p.lifecycles) AS lifecycle
