-- Question: how much money hangs on promises that are late or close to it, per currency?
-- Parameters: regions, legal_entities, billing_models Array(String), empty for all. A contract with several such clocks counts once, with its
-- largest amount. Grain: one currency. Cost: eight columns of the clocks.
SELECT currency, sum(value) AS value, count() AS contracts, sum(is_late) AS late_contracts
FROM
(
    SELECT currency, lifecycle_id, max(value_at_risk) AS value, max(state = 'breached') AS is_late
    FROM sla_clocks
    WHERE state IN ('at_risk', 'breached')
        AND (empty({regions:Array(String)}) OR region IN {regions:Array(String)})
        AND (empty({legal_entities:Array(String)}) OR legal_entity IN {legal_entities:Array(String)})
        AND (empty({billing_models:Array(String)}) OR billing_model IN {billing_models:Array(String)})
    GROUP BY currency, lifecycle_id
)
GROUP BY currency
ORDER BY value DESC
