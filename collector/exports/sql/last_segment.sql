-- Question: up to which segment is there anything to export? No parameters. Grain: one row. Cost: one column.
SELECT max(segment) AS upto FROM event_versions
