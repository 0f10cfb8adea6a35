-- Question: which invoices bill work that nobody has approved?
-- Severity: critical
-- Owner: accounts-receivable
-- Runbook: correlators/runbooks/unapproved-work-invoiced.md
SELECT
    e.object_key AS subject_key,
    e.lifecycle_id AS lifecycle_id,
    any(e.amount) AS amount,
    any(e.currency) AS currency,
    concat(e.object_key, ' bills ', toString(uniqExact(k.key)), ' item(s) without approval, such as ', min(k.key)) AS evidence,
    min(e.occurred_at) AS first_seen_at
FROM event_keys AS k FINAL
INNER JOIN lifecycle_events AS e ON e.source = k.source AND e.event_id = k.event_id
INNER JOIN lifecycle_objects AS o ON o.object_key = k.key AND o.lifecycle_id = e.lifecycle_id
WHERE k.qualifier = 'bills' AND e.milestone = 'invoice_issued' AND e.outcome != 'failure'
  AND (e.lifecycle_id, o.cluster_key) NOT IN
  (
      SELECT lifecycle_id, subject_key FROM milestones
      WHERE milestone IN ('time_approved', 'milestone_approved') AND outcome = 'success'
  )
GROUP BY e.object_key, e.lifecycle_id
