-- Question: how many events did the step take?
SELECT count() AS events FROM scratch_events
