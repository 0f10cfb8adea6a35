-- Question: which segments were loaded, as a backtest correlates them again? Cost: a row a segment.
SELECT * FROM segment_ledger FINAL WHERE stage = 'loaded'
