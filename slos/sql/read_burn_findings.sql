-- Question: which findings of burning budgets are open? Grain: one finding.
SELECT * FROM finding_rows FINAL WHERE detector = 'budget_burning' AND resolved_at IS NULL
