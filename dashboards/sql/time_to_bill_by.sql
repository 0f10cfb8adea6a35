-- Question: where does it take longest from approved work to its invoice?
-- Parameters: regions, legal_entities, billing_models Array(String), empty for all; since DateTime64(3); by String: region, legal_entity or
-- billing_model. Columns in ms. Grain: one value of that column, the slowest first. Cost: as time_to_bill.
SELECT
    name,
    quantileExact(0.5)(took_ms) AS median_ms,
    quantileExact(0.9)(took_ms) AS p90_ms,
    count() AS invoices
FROM
(
    SELECT
        multiIf({by:String} = 'region', region, {by:String} = 'legal_entity', legal_entity, billing_model) AS name,
        arrayJoin(billings) AS billing,
        billing.issued_at AS issued_at,
        dateDiff('millisecond', billing.approved_at, billing.issued_at) AS took_ms
    FROM lifecycles
    WHERE kind = 'contract' AND state != 'superseded' AND last_event_at >= {since:DateTime64(3, 'UTC')}
        AND (empty({regions:Array(String)}) OR region IN {regions:Array(String)})
        AND (empty({legal_entities:Array(String)}) OR legal_entity IN {legal_entities:Array(String)})
        AND (empty({billing_models:Array(String)}) OR billing_model IN {billing_models:Array(String)})
)
WHERE issued_at >= {since:DateTime64(3, 'UTC')}
GROUP BY name
ORDER BY median_ms DESC
LIMIT 20
