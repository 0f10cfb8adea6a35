-- Public view: the newest verdict on every clock.
CREATE VIEW sla_clocks {{on_cluster}} AS
SELECT *
FROM clock_verdicts FINAL
ORDER BY known_at DESC
LIMIT 1 BY sla, lifecycle_id, subject_key
