-- Question: has any open clock passed its warning point or its due time since it was last looked at, and is any unknown?
-- May count clocks that were judged already. Parameters: judged_since, judged_at DateTime64(3). Cost: three columns of all clocks.
SELECT countIf(state != 'unknown') AS crossings, countIf(state = 'unknown') AS unknown
FROM clock_rows
WHERE state = 'unknown'
   OR (state = 'running' AND at_risk_at > {judged_since:DateTime64(3, 'UTC')} AND at_risk_at <= {judged_at:DateTime64(3, 'UTC')})
   OR (state IN ('running', 'at_risk') AND due_at >= {judged_since:DateTime64(3, 'UTC')} AND due_at < {judged_at:DateTime64(3, 'UTC')})
