-- Public view: which error budgets burn.
CREATE VIEW sla_burns {{on_cluster}} AS
SELECT * FROM sla_burn_rows FINAL
ORDER BY known_at DESC
LIMIT 1 BY sla, long_ms, short_ms
