-- Question: what can be chosen in the filters?
-- Columns: regions, legal_entities, billing_models, currencies Array(String); the currency with the most unbilled value
-- first. Grain: one row. Cost: five narrow columns of lifecycles.
SELECT
    arraySort(groupUniqArrayIf(region, region != '')) AS regions,
    arraySort(groupUniqArrayIf(legal_entity, legal_entity != '')) AS legal_entities,
    arraySort(groupUniqArrayIf(billing_model, billing_model != '')) AS billing_models,
    sumMapIf(map(toString(currency), unbilled_amount), currency != '') AS unbilled,
    arrayReverseSort(c -> unbilled[c], mapKeys(unbilled)) AS currencies
FROM lifecycles
WHERE kind = 'contract'
