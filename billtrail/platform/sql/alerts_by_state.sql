-- Question: which alerts are not resolved? Columns: state, severity, value. Cost: one pass over alert_rows.
SELECT state, severity, count() AS value FROM alerts WHERE state != 'resolved' GROUP BY state, severity ORDER BY state, severity
