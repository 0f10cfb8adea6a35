-- Question: when was the last verdict reached, and how many clocks are there about? Cost: one column.
SELECT max(known_at) AS known_at, count() AS clocks FROM clock_rows
