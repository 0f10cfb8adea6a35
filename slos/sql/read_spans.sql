-- Question: which open stretches are compiled? Parameters: calendar String. Grain: one stretch.
SELECT opens_at, closes_at, open_before_ms FROM calendar_spans FINAL WHERE calendar = {calendar:String} ORDER BY opens_at
