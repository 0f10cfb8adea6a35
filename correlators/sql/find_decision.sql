-- Question: what has been decided about these two objects? Parameters: keys Array(String). Grain: none, one or two rows.
SELECT from_key, to_key, decision, kind, reason, decided_by, decided_at FROM people_links FINAL
WHERE from_key IN {keys:Array(String)} AND to_key IN {keys:Array(String)}
