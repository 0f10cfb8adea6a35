-- Question: which clocks were decided, how and when? What a backtest compares with. Grain: one clock. Cost: the clocks.
SELECT toString(sla) AS sla, lifecycle_id, subject_key, toString(state) AS state, started_at, due_at, stopped_at
FROM clock_rows FINAL
WHERE state IN ('met', 'missed', 'breached')
ORDER BY sla, lifecycle_id, subject_key
