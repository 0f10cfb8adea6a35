-- Question: how many events of the step carry an amount that has to be divided?
SELECT count() AS found FROM scratch_priced
