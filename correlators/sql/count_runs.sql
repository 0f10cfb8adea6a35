-- Question: how many runs are shared with events without objects?
SELECT count() AS found FROM scratch_runs
