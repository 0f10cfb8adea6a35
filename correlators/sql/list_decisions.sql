-- Question: what have people decided that is in force? Grain: one pair of objects.
SELECT from_key, to_key, decision, kind, reason, decided_by, decided_at FROM people_links FINAL ORDER BY decided_at, from_key
