-- Question: where is approved work unbilled, and which step was the last one done?
-- Parameters: regions, legal_entities, billing_models Array(String), empty for all; currency String. Grain: legal entity and stage. Cost: a scan of eight
-- columns of lifecycles.
SELECT legal_entity, stage, sum(unbilled_amount) AS unbilled, count() AS contracts
FROM lifecycles
WHERE kind = 'contract' AND state NOT IN ('superseded', 'cancelled') AND unbilled_amount > 0 AND currency = {currency:String}
    AND (empty({regions:Array(String)}) OR region IN {regions:Array(String)})
    AND (empty({legal_entities:Array(String)}) OR legal_entity IN {legal_entities:Array(String)})
    AND (empty({billing_models:Array(String)}) OR billing_model IN {billing_models:Array(String)})
GROUP BY legal_entity, stage
ORDER BY unbilled DESC
LIMIT 200
