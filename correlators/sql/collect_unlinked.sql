-- Question: which pairs of objects has a person parted? Cost: the decisions of people.
INSERT INTO scratch_unlinked
SELECT cityHash64(pair.1), cityHash64(pair.2)
FROM people_links FINAL ARRAY JOIN [(from_key, to_key), (to_key, from_key)] AS pair
WHERE decision = 'unlink'
