-- Question: which ways do lifecycles take, the most frequent first?
-- Columns: journey, path (milestones in order), lifecycles, share, median_ms, example (a lifecycle). Grain: one way.
-- Cost: one pass over lifecycles.
SELECT journey, path, lifecycles, share, median_ms, example
FROM variants
ORDER BY lifecycles DESC, median_ms, variant
LIMIT 12
