-- Question: which steps were tried, were rejected, and have not succeeded since?
-- Severity: warning
-- Owner: finance-systems
-- Runbook: correlators/runbooks/rejected-step.md
SELECT
    concat(m.subject_key) AS subject_key,
    m.lifecycle_id AS lifecycle_id,
    argMax(e.amount, e.occurred_at) AS amount,
    argMax(e.currency, e.occurred_at) AS currency,
    concat(replaceAll(toString(any(m.milestone)), '_', ' '), ' failed ',
        if(any(m.attempts) = 1, 'once', concat(toString(any(m.attempts)), ' times')), ' in ', any(m.system), ', last as ',
        replaceAll(toString(argMax(e.error_category, e.occurred_at)), '_', ' ')) AS evidence,
    any(m.reached_at) AS first_seen_at
FROM milestones AS m
INNER JOIN lifecycle_events AS e ON e.lifecycle_id = m.lifecycle_id AND e.source = m.source AND e.event_id = m.event_id
WHERE m.outcome = 'failure'
GROUP BY m.subject_key, m.lifecycle_id, m.milestone
