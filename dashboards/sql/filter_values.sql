-- Question: what can be chosen in the filters?
-- Columns: regions, legal_entities, billing_models Array(String). Grain: one row. Cost: three narrow columns of lifecycles.
SELECT
    arraySort(groupUniqArrayIf(region, region != '')) AS regions,
    arraySort(groupUniqArrayIf(legal_entity, legal_entity != '')) AS legal_entities,
    arraySort(groupUniqArrayIf(billing_model, billing_model != '')) AS billing_models
FROM lifecycles
WHERE kind = 'contract'
