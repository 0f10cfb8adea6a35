-- Question: what was last said of each error budget? Grain: one budget.
SELECT * FROM sla_budgets
