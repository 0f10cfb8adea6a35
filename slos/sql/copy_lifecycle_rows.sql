-- Question: the lifecycles, as a backtest judges them again. Cost: the whole table.
SELECT * FROM lifecycle_rows FINAL
