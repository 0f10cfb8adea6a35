-- Question: which invoices bill work that an earlier invoice has already billed?
-- Severity: critical
-- Owner: accounts-receivable
-- Runbook: correlators/runbooks/invoice-issued-twice.md
WITH billed AS
(
    SELECT
        concat(o.system, ':', o.object_type, ':', o.id) AS work_key, e.object_key AS invoice_key, e.lifecycle_id AS lifecycle_id, e.occurred_at AS issued_at,
        e.amount AS amount, e.currency AS currency, (e.occurred_at, e.source, e.event_id) AS place
    FROM lifecycle_events AS e ARRAY JOIN e.objects AS o
    WHERE o.qualifier = 'bills' AND e.milestone = 'invoice_issued' AND e.outcome != 'failure'
)
SELECT
    later.invoice_key AS subject_key,
    later.lifecycle_id AS lifecycle_id,
    argMax(later.amount, later.place) AS amount,
    argMax(later.currency, later.place) AS currency,
    concat(later.invoice_key, ' bills ', toString(uniqExact(later.work_key)), if(uniqExact(later.work_key) = 1, ' item', ' items'), ' that ',
        min(earlier.invoice_key), ' has already billed, such as ', min(later.work_key)) AS evidence,
    min(later.issued_at) AS first_seen_at
FROM billed AS later
INNER JOIN billed AS earlier ON earlier.work_key = later.work_key AND earlier.lifecycle_id = later.lifecycle_id
WHERE earlier.invoice_key != later.invoice_key AND (earlier.issued_at, earlier.invoice_key) < (later.issued_at, later.invoice_key)
GROUP BY later.invoice_key, later.lifecycle_id
