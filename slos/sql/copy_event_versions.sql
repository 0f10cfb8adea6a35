-- Question: the canonical events, as a backtest correlates them again. Cost: the whole table.
SELECT * FROM event_versions FINAL
