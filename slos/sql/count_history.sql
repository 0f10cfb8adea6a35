-- Question: how many rows has each table of which a backtest takes a share at a time? Grain: one table.
SELECT 'event_versions' AS name, count() AS records FROM event_versions
UNION ALL SELECT 'lifecycle_event_rows' AS name, count() AS records FROM lifecycle_event_rows
UNION ALL SELECT 'lifecycle_object_rows' AS name, count() AS records FROM lifecycle_object_rows
UNION ALL SELECT 'lifecycle_rows' AS name, count() AS records FROM lifecycle_rows
UNION ALL SELECT 'milestone_rows' AS name, count() AS records FROM milestone_rows
UNION ALL SELECT 'object_declarations' AS name, count() AS records FROM object_declarations
UNION ALL SELECT 'span_links' AS name, count() AS records FROM span_links
