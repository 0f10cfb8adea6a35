-- Question: how many verdicts were reached at one instant? Parameters: known_at DateTime64(3). Cost: one indexed column.
SELECT count() AS verdicts FROM clock_verdicts WHERE known_at = {known_at:DateTime64(3, 'UTC')}
