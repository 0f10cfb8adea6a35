-- Question: which relations do people make, and which do they no longer make? Parameters: since UInt64 (a version of decisions),
-- version UInt64. Grain: one end of one relation of one kind. Cost: the new decisions.
INSERT INTO declared_edges
SELECT end.1, end.2, end.3, each, each, 'manual', 'manual', 'people', concat(from_key, ' ', to_key), decided_at, {version:UInt64},
    is_deleted OR decision = 'unlink' OR kind != each
FROM (SELECT * FROM people_links WHERE version > {since:UInt64} ORDER BY people_links.version DESC LIMIT 1 BY from_key, to_key)
ARRAY JOIN ['same_as', 'part_of', 'originates_from'] AS each
ARRAY JOIN [(from_key, to_key, 'from'), (to_key, from_key, 'to')] AS end
