-- Question: what do the events of each lifecycle say of it? Of one that only grows, the new events, with what the stored ones
-- said. An event that sets terms says them with its effective date; one that would and does not count (a draft) says none.
-- Grain: one lifecycle. Cost: the step's events, and one row of each lifecycle that grows.
INSERT INTO scratch_facts
SELECT
    lifecycle, min(t.started_at), max(t.last_event_at), sum(t.event_count), sum(t.failures), arraySort(groupUniqArrayArray(t.systems)),
    argMax(t.client, t.places[1]), argMax(t.region, t.places[2]), argMax(t.legal_entity, t.places[3]), argMax(t.billing_model, t.places[4]),
    argMax(t.owner, t.places[5]), argMax(t.currency, t.places[6]), maxForEach(t.places), arraySort(groupArrayArray(t.worths))
FROM
(
    SELECT
        lifecycle, min(occurred_at) AS started_at, max(occurred_at) AS last_event_at, count() AS event_count, countIf(outcome = 'failure') AS failures,
        groupUniqArray(toString(system)) AS systems,
        argMaxIf(toString(r.client), place, r.client != '') AS client, argMaxIf(toString(r.region), place, r.region != '') AS region,
        argMaxIf(toString(r.legal_entity), place, r.legal_entity != '') AS legal_entity,
        argMaxIf(toString(r.billing_model), place, r.billing_model != '' AND NOT is_terms) AS billing_model,
        argMaxIf(toString(r.owner), place, r.owner != '') AS owner, argMaxIf(toString(r.worth_in), place, r.worth_in != '') AS currency,
        [maxIf(place, r.client != ''), maxIf(place, r.region != ''), maxIf(place, r.legal_entity != ''),
            maxIf(place, r.billing_model != '' AND NOT is_terms), maxIf(place, r.owner != ''), maxIf(place, r.worth_in != '')] AS places,
        groupArrayIf((effective_at, occurred_at, event_id, part, toString(r.billing_model)),
            is_value AND outcome != 'failure' AND (part != 0 OR r.billing_model != '')) AS worths
    FROM
    (
        SELECT *, arrayExists(m -> m.measure = 'value', joinGet('scratch_shapes', 'reaches', shape)) AS is_terms,
            bitShiftLeft(toUInt128(cityHash64(subject_key) = lifecycle), 120)
                + bitShiftLeft(toUInt128(toUnixTimestamp64Milli(occurred_at) + 4611686018427387904), 56) + bitShiftRight(event, 8) AS place
        FROM scratch_rows
    ) AS r
    GROUP BY lifecycle
    UNION ALL
    SELECT cityHash64(lifecycle_id), started_at, last_event_at, event_count, failures, systems, client, region, legal_entity, told_model, owner, currency, told_places, worths
    FROM lifecycle_rows FINAL
    WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_grown)
) AS t
GROUP BY lifecycle
