-- Public view: what is left of each error budget.
CREATE VIEW sla_budgets {{on_cluster}} AS
SELECT * FROM sla_budget_rows FINAL
ORDER BY known_at DESC
LIMIT 1 BY sla
