-- Question: which objects do new decisions of people speak of? That is no mention in time: it says nothing of when an object was
-- first seen. Parameters: since UInt64 (a version of decisions). Grain: one object. Cost: the new decisions.
INSERT INTO scratch_mentions
WITH (SELECT groupUniqArray(object_type) FROM journey_types FINAL WHERE role != 'reference') AS gluing
SELECT DISTINCT cityHash64(key), key, splitByChar(':', key)[2] AS type, has(gluing, type), toDateTime64('2299-12-31 00:00:00', 3, 'UTC'), 0, false
FROM people_links ARRAY JOIN [from_key, to_key] AS key
WHERE people_links.version > {since:UInt64}
