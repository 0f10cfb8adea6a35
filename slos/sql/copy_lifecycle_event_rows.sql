-- Question: the events that begin or end a pause, as a backtest judges them again. Parameters: milestones Array(String). Cost: the whole table.
SELECT * FROM lifecycle_event_rows FINAL WHERE milestone IN {milestones:Array(String)}
