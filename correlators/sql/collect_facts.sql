-- Question: what do the events of each lifecycle say of it? Grain: one lifecycle. Cost: the step's events.
INSERT INTO scratch_facts
SELECT
    lifecycle, min(occurred_at), max(occurred_at), count(), countIf(outcome = 'failure'), arraySort(groupUniqArray(toString(system))),
    argMaxIf(toString(client), rank, client != ''), argMaxIf(toString(region), rank, region != ''),
    argMaxIf(toString(legal_entity), rank, legal_entity != ''), argMaxIf(toString(billing_model), rank, billing_model != ''),
    argMaxIf(toString(owner), rank, owner != ''), argMaxIf(toString(currency), rank, currency != '')
FROM
(
    SELECT lifecycle, occurred_at, outcome, system, client, region, legal_entity, billing_model, owner, currency,
        (cityHash64(subject_key) = lifecycle, occurred_at, event) AS rank
    FROM scratch_rows
)
GROUP BY lifecycle
