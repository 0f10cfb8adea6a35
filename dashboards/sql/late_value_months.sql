-- Question: what did late promises hold up, by month of the due time, and how much of it had a failed integration run?
-- Parameters: regions, legal_entities, billing_models Array(String), empty for all; currency String; since DateTime64(3). A contract counts
-- once a month, with its largest amount. Grain: month and whether a run failed. Cost: the late clocks and the failed
-- events of those contracts.
SELECT toStartOfMonth(last_due_at) AS month, has_failed_run, sum(value) AS late_value, count() AS contracts
FROM
(
    SELECT
        lifecycle_id,
        max(c.due_at) AS last_due_at,
        max(value_at_risk) AS value,
        lifecycle_id IN (SELECT lifecycle_id FROM lifecycles WHERE error_count > 0) AS has_failed_run
    FROM sla_clocks AS c
    WHERE state IN ('missed', 'breached') AND currency = {currency:String} AND c.due_at >= {since:DateTime64(3, 'UTC')}
        AND (empty({regions:Array(String)}) OR region IN {regions:Array(String)})
        AND (empty({legal_entities:Array(String)}) OR legal_entity IN {legal_entities:Array(String)})
        AND (empty({billing_models:Array(String)}) OR billing_model IN {billing_models:Array(String)})
    GROUP BY lifecycle_id, toStartOfMonth(c.due_at)
)
GROUP BY month, has_failed_run
ORDER BY month, has_failed_run
