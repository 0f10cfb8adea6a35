-- Question: what would be derived anew, and from what? Grain: one row. Cost: counts, one of them over all events.
SELECT
    (SELECT count() FROM event_versions FINAL WHERE NOT is_withdrawn) AS events,
    (SELECT uniqExact(source, object_key) FROM object_declarations) AS declarations,
    (SELECT count() FROM people_links FINAL) AS decisions,
    (SELECT count() FROM lifecycle_rows FINAL) AS lifecycles,
    (SELECT count() FROM object_rows FINAL) AS objects
