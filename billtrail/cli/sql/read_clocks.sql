-- Question: how do the promises of this lifecycle stand?
-- Parameters: lifecycle_id String. Grain: one clock in its newest verdict. Cost: one key of clock_verdicts per SLA
-- (the view sla_clocks would judge every lifecycle first).
SELECT sla, subject_key, state, reason, started_at, due_at, stopped_at, value_at_risk, currency, owner
FROM clock_verdicts
WHERE lifecycle_id = {lifecycle_id:String}
ORDER BY known_at DESC
LIMIT 1 BY sla, subject_key
