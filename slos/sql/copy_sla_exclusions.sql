-- Question: what people excluded by command, as a backtest judges it again. Cost: a handful of rows.
SELECT * FROM sla_exclusions FINAL WHERE origin = 'command'
