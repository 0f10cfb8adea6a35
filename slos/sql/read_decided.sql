-- Question: which promises were decided, when, and which were not kept? What a backtest compares. A promise kept in time is decided
-- when it stopped, any other at its due time. Grain: one clock; of those kept the subject is left out, nobody asks. Cost: the clocks.
SELECT
    sla, state = 'met' AS is_kept, assumeNotNull(is_kept ? stopped_at : due_at) AS decided_at,
    is_kept ? '' : subject_key AS subject
FROM clock_rows FINAL
WHERE state IN ('met', 'missed', 'breached')
