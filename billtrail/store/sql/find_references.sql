-- Question: which objects that no lifecycle holds have this id, with or without system and type? Clients and workers, say.
-- Parameters: id String. Grain: one object. Cost: one key, and the index of ids, of object_rows.
SELECT object_key FROM objects
WHERE (object_key = {id:String} OR id = {id:String}) AND empty(lifecycle_ids) AND empty(shown_in)
ORDER BY object_key
