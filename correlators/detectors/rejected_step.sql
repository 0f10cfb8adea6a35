-- Question: which steps were tried, were rejected, and have not succeeded since?
-- Severity: warning
-- Owner: finance-systems
-- Runbook: correlators/runbooks/rejected-step.md
SELECT
    concat(m.subject_key) AS subject_key,
    m.lifecycle_id AS lifecycle_id,
    argMin(e.amount, (m.reached_at, m.milestone)) AS amount,
    argMin(e.currency, (m.reached_at, m.milestone)) AS currency,
    arrayStringConcat(arrayMap(step -> step.3, arraySort(groupArray((m.reached_at, m.milestone,
        concat(replaceAll(toString(m.milestone), '_', ' '), ' failed ', if(m.attempts = 1, 'once', concat(toString(m.attempts), ' times')), ' in ', m.system,
            if(m.attempts = 1, ' as ', ', first as '), replaceAll(toString(e.error_category), '_', ' ')))))), '; ') AS evidence,
    min(m.reached_at) AS first_seen_at
FROM milestones AS m
INNER JOIN lifecycle_events AS e ON e.lifecycle_id = m.lifecycle_id AND e.source = m.source AND e.event_id = m.event_id
WHERE m.outcome = 'failure'
GROUP BY m.subject_key, m.lifecycle_id
