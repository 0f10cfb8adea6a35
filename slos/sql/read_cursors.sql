-- Question: how far did the judge get? Shape: one row per stream. Cost: a handful of rows.
SELECT stream, position FROM loop_cursors FINAL WHERE loop = 'slos'
