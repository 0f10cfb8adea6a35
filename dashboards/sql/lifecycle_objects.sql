-- Question: which records of which systems belong to this lifecycle?
-- Parameters: id String. Grain: one object. Cost: the granules the bloom filter on the lifecycle leaves.
SELECT object_key, object_type, cluster_key
FROM lifecycle_objects
WHERE lifecycle_id = {id:String}
ORDER BY object_type, cluster_key, object_key
LIMIT 5000
