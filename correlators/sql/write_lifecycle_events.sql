-- Question: which events came into a lifecycle or are seen differently? Written last: what a step begins with. What an event
-- itself says changes only with a new version of it.
-- Parameters: version UInt64, is_first Bool (nothing is stored to compare with). Grain: one event in one lifecycle.
-- Cost: the step's events; writes the difference only.
INSERT INTO lifecycle_event_rows
SELECT
    joinGet('scratch_nodes', 'object_key', lifecycle) AS lifecycle_id, occurred_at, source, event_id, event_type, system, subject_key AS object_key,
    empty(reached) ? '' : tupleElement(arrayMin(reached), 2) AS milestone, outcome, error_category, part, worth_in, confidence,
    correlation_id, trace_id, arraySort(arrayMap(l -> joinGet('scratch_nodes', 'object_key', l), lifecycles)) AS lifecycle_ids,
    objects, links, lines, amount, currency, client, region, legal_entity, billing_model, owner, attributes, takes_amount,
    is_value, effective_at, {version:UInt64}, 0
FROM scratch_rows
WHERE {is_first:Bool} OR is_new OR sipHash128(lifecycle, event, milestone, part, worth_in, confidence, lifecycle_ids, is_value)
    NOT IN (SELECT sipHash128(cityHash64(lifecycle_id), cityHash64(source, event_id), milestone, amount, currency, confidence, lifecycle_ids, is_value) FROM scratch_stored)
