-- Question: up to when has everything that came in been correlated? Columns: until (ns since 1970, 0 before the first step).
-- Segments are numbered by the time they were begun. Cost: a handful of rows.
SELECT toUInt64(min(position)) AS until
FROM loop_cursors FINAL
WHERE loop = 'correlators' AND stream IN ('events', 'traces')
