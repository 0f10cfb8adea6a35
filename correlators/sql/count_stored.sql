-- Question: is there anything stored that a step has to look at? Cost: the counts the engine keeps.
SELECT
    (SELECT count() FROM object_rows) AS objects,
    (SELECT count() FROM weak_events) AS weak_events,
    (SELECT count() FROM span_keys) AS spans,
    (SELECT count() FROM declared_edges) AS edges,
    (SELECT count() FROM object_declarations) AS declarations,
    (SELECT count() FROM pending_lifecycles) AS pending,
    (SELECT count() FROM people_links) AS decisions
