-- Question: the objects that were declared, as a backtest correlates them again. Cost: the whole table.
SELECT * FROM object_declarations FINAL
