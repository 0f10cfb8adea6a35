-- Question: how many declared objects, and how many events in no lifecycle, are there that a format cannot carry?
-- No parameters. Grain: one row. Cost: the keys of all events.
SELECT
    (SELECT count() FROM object_declarations FINAL) AS declarations,
    (
        SELECT count() FROM event_versions FINAL
        WHERE NOT is_withdrawn AND (source, event_id) NOT IN (SELECT source, event_id FROM lifecycle_events)
    ) AS unmatched
