-- Question: how much is open and how much approved work is unbilled, per currency, the largest unbilled value first?
-- Parameters: regions, legal_entities, billing_models Array(String), empty for all; since DateTime64(3). Grain: one currency. Cost: a scan of seven columns of lifecycles.
SELECT
    currency,
    countIf(state IN ('open', 'failed')) AS open_contracts,
    countIf(milestones['contract_signed'] >= {since:DateTime64(3, 'UTC')}) AS signed_contracts,
    sum(unbilled_amount) AS unbilled,
    countIf(unbilled_amount > 0) AS unbilled_contracts
FROM lifecycles
WHERE kind = 'contract' AND state NOT IN ('superseded', 'cancelled')
    AND (empty({regions:Array(String)}) OR region IN {regions:Array(String)})
    AND (empty({legal_entities:Array(String)}) OR legal_entity IN {legal_entities:Array(String)})
    AND (empty({billing_models:Array(String)}) OR billing_model IN {billing_models:Array(String)})
GROUP BY currency
ORDER BY unbilled DESC, open_contracts DESC, currency
