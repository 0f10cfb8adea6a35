-- Question: which calendars are compiled? Cost: one column.
SELECT DISTINCT calendar FROM calendar_spans FINAL ORDER BY calendar
