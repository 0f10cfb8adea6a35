-- Question: what do the events of each lifecycle say of it? Of one that only grows, the stored events with the new ones.
-- What changes other terms than the value says no amount, and leaves the value as it is.
-- Grain: one lifecycle. Cost: the step's events, and some narrow columns of the stored events of what grows.
INSERT INTO scratch_facts
SELECT
    lifecycle, min(occurred_at), max(occurred_at), count(), countIf(outcome = 'failure'), arraySort(groupUniqArray(toString(system))),
    argMaxIf(toString(client), place, client != ''), argMaxIf(toString(region), place, region != ''),
    argMaxIf(toString(legal_entity), place, legal_entity != ''), argMaxIf(toString(billing_model), place, billing_model != ''),
    argMaxIf(toString(owner), place, owner != ''), argMaxIf(toString(currency), place, currency != ''),
    groupArrayIf((effective_at, occurred_at, event_id, part), is_value AND outcome != 'failure' AND part != 0)
FROM
(
    SELECT lifecycle, occurred_at, outcome, system, client, region, legal_entity, billing_model, owner, worth_in AS currency, event_id, part, is_value, effective_at,
        bitShiftLeft(toUInt128(cityHash64(subject_key) = lifecycle), 120)
            + bitShiftLeft(toUInt128(toUnixTimestamp64Milli(occurred_at) + 4611686018427387904), 56) + bitShiftRight(event, 8) AS place
    FROM scratch_rows
    UNION ALL
    SELECT cityHash64(lifecycle_id), occurred_at, outcome, system, client, region, legal_entity, billing_model, owner, currency, event_id, amount, is_value, effective_at,
        bitShiftLeft(toUInt128(object_key = lifecycle_id), 120)
            + bitShiftLeft(toUInt128(toUnixTimestamp64Milli(occurred_at) + 4611686018427387904), 56) + bitShiftRight(cityHash64(source, event_id), 8)
    FROM lifecycle_event_rows FINAL
    WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
)
GROUP BY lifecycle
