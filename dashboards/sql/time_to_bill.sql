-- Question: how long from approved work to its invoice, in this period and in the one before?
-- Parameters: regions, legal_entities, billing_models Array(String), empty for all; before, since DateTime64(3). Columns in ms; NaN where there is no invoice. Grain: one row.
-- Cost: the billings of lifecycles that were heard of since the earlier period began.
SELECT
    quantileExactIf(0.5)(took_ms, issued_at >= {since:DateTime64(3, 'UTC')}) AS median_ms,
    quantileExactIf(0.9)(took_ms, issued_at >= {since:DateTime64(3, 'UTC')}) AS p90_ms,
    countIf(issued_at >= {since:DateTime64(3, 'UTC')}) AS invoices,
    quantileExactIf(0.5)(took_ms, issued_at < {since:DateTime64(3, 'UTC')}) AS earlier_median_ms,
    countIf(issued_at < {since:DateTime64(3, 'UTC')}) AS earlier_invoices
FROM
(
    SELECT
        arrayJoin(billings) AS billing,
        billing.issued_at AS issued_at,
        dateDiff('millisecond', billing.approved_at, billing.issued_at) AS took_ms
    FROM lifecycles
    WHERE kind = 'contract' AND state != 'superseded' AND last_event_at >= {before:DateTime64(3, 'UTC')}
        AND (empty({regions:Array(String)}) OR region IN {regions:Array(String)})
        AND (empty({legal_entities:Array(String)}) OR legal_entity IN {legal_entities:Array(String)})
        AND (empty({billing_models:Array(String)}) OR billing_model IN {billing_models:Array(String)})
)
WHERE issued_at >= {before:DateTime64(3, 'UTC')}
