-- Question: what each object reached, as a backtest judges them again. Cost: the whole table.
SELECT * FROM milestone_rows FINAL
