-- Public view: what the detectors found.
CREATE VIEW findings {{on_cluster}} AS
SELECT detector, lifecycle_id, subject_key, severity, amount, currency, owner, evidence, runbook, first_seen_at, resolved_at
FROM finding_rows FINAL
