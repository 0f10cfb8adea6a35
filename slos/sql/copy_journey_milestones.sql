-- Question: the milestones of the journeys, as a backtest judges them again. Cost: the whole table.
SELECT * FROM journey_milestones FINAL
