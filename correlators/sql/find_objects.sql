-- Question: what is known of these objects? Parameters: keys Array(String). Grain: one object. Cost: their rows.
SELECT object_key, object_type, cluster_key, lifecycle_ids FROM objects WHERE object_key IN {keys:Array(String)}
