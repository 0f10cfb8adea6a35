-- Question: which contracts hold the most approved, unbilled work?
-- Parameters: regions, legal_entities, billing_models Array(String), empty for all; currency String. Grain: one contract. Cost: as unbilled.
SELECT lifecycle_id, client, legal_entity, billing_model, owner, stage, unbilled_amount, currency, last_event_at
FROM lifecycles
WHERE kind = 'contract' AND state NOT IN ('superseded', 'cancelled') AND unbilled_amount > 0 AND currency = {currency:String}
    AND (empty({regions:Array(String)}) OR region IN {regions:Array(String)})
    AND (empty({legal_entities:Array(String)}) OR legal_entity IN {legal_entities:Array(String)})
    AND (empty({billing_models:Array(String)}) OR billing_model IN {billing_models:Array(String)})
ORDER BY unbilled_amount DESC, lifecycle_id
LIMIT 6
