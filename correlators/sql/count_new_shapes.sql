-- Question: do the step's events have shapes that nobody looked at yet? Columns: found, known. Cost: one column of the step's
-- events.
SELECT countIf(shape NOT IN (SELECT shape FROM scratch_shapes)) AS found, (SELECT count() FROM scratch_shapes) AS known FROM scratch_events
