-- Question: which invoices bill work that nobody has approved?
-- Severity: critical
-- Owner: accounts-receivable
-- Runbook: correlators/runbooks/unapproved-work-invoiced.md
SELECT
    e.invoice_key AS subject_key,
    e.lifecycle_id AS lifecycle_id,
    argMax(e.amount, e.place) AS amount,
    argMax(e.currency, e.place) AS currency,
    concat(e.invoice_key, ' bills ', toString(uniqExact(e.work_key)), if(uniqExact(e.work_key) = 1, ' item', ' items'), ' without approval, such as ', min(e.work_key)) AS evidence,
    min(e.occurred_at) AS first_seen_at
FROM
(
    SELECT lifecycle_id, object_key AS invoice_key, amount, currency, occurred_at, (occurred_at, source, event_id) AS place, concat(o.system, ':', o.object_type, ':', o.id) AS work_key
    FROM lifecycle_events ARRAY JOIN objects AS o
    WHERE o.qualifier = 'bills' AND milestone = 'invoice_issued' AND outcome != 'failure'
) AS e
INNER JOIN lifecycle_objects AS o ON o.object_key = e.work_key AND o.lifecycle_id = e.lifecycle_id
WHERE (e.lifecycle_id, o.cluster_key) NOT IN
(
    SELECT lifecycle_id, subject_key FROM milestones
    WHERE milestone IN ('time_approved', 'milestone_approved') AND outcome = 'success'
)
GROUP BY e.invoice_key, e.lifecycle_id
