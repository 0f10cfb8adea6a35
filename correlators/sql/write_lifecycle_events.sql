-- Question: which events came into a lifecycle or are seen differently? Written last: what a step begins with.
-- Parameters: version UInt64, is_first Bool (nothing is stored to compare with). Grain: one event in one lifecycle.
-- Cost: the step's events; writes the difference only.
INSERT INTO lifecycle_event_rows
WITH
    fresh AS
    (
        SELECT
            joinGet('scratch_nodes', 'object_key', lifecycle) AS lifecycle_id, occurred_at, source, event_id, event_type, system, subject_key AS object_key,
            empty(reached) ? '' : tupleElement(arrayMin(reached), 2) AS milestone, outcome, error_category, part AS amount, worth_in AS currency, confidence,
            correlation_id, trace_id, arraySort(arrayMap(l -> joinGet('scratch_nodes', 'object_key', l), lifecycles)) AS lifecycle_ids,
            objects, links, lines, scratch_rows.amount AS total, scratch_rows.currency AS total_in, client, region, legal_entity, billing_model, owner, attributes, takes_amount,
            arrayExists(r -> r.3 = 'value', reached) AS is_value
        FROM scratch_rows
    )
SELECT *, {version:UInt64}, 0 FROM fresh
WHERE {is_first:Bool} OR sipHash128(*) NOT IN (SELECT sipHash128(* EXCEPT (version, is_deleted)) FROM scratch_stored)
