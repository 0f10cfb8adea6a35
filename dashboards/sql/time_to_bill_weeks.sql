-- Question: is the way from approved work to its invoice getting shorter, week by week of the invoice?
-- Parameters: regions, legal_entities, billing_models Array(String), empty for all; since DateTime64(3). Columns in ms. Grain: one week. Cost: as time_to_bill.
SELECT
    toStartOfWeek(issued_at, 1) AS week,
    quantileExact(0.5)(took_ms) AS median_ms,
    quantileExact(0.25)(took_ms) AS p25_ms,
    quantileExact(0.75)(took_ms) AS p75_ms,
    count() AS invoices
FROM
(
    SELECT
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
GROUP BY week
ORDER BY week
