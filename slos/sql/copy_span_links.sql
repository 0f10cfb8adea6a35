-- Question: the spans that name a run or an object, as a backtest correlates them again. Cost: the whole table.
SELECT * FROM span_links FINAL
