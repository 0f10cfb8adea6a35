-- Which findings are worth an alert now, or carry an open alert?
-- Grain: one finding, with the lifecycle's labels. Cost: the findings.
SELECT
    f.detector AS detector, f.subject_key AS subject_key, f.lifecycle_id AS lifecycle_id, f.severity AS severity,
    f.amount AS amount, f.currency AS currency, f.owner AS owner, f.evidence AS evidence, f.runbook AS runbook,
    f.resolved_at AS resolved_at, l.client AS client, l.region AS region, l.legal_entity AS legal_entity
FROM findings AS f
LEFT JOIN
(
    SELECT lifecycle_id, client, region, legal_entity
    FROM lifecycles
    WHERE lifecycle_id IN (SELECT lifecycle_id FROM findings)
) AS l ON l.lifecycle_id = f.lifecycle_id
WHERE (f.severity IN ('critical', 'warning') AND f.resolved_at IS NULL)
    OR (f.detector, f.lifecycle_id, f.subject_key) IN
        (SELECT name, lifecycle_id, subject FROM alert_rows FINAL WHERE state != 'resolved')
