-- Question: what is stored of the objects that something new names? Grain: one object. Cost: their rows.
INSERT INTO scratch_found
SELECT cityHash64(o.object_key), o.object_key, o.cluster_key, o.first_seen, o.lifecycle_ids, o.shown_in, o.shares, m.first_seen, m.is_gluing
FROM object_rows AS o FINAL
INNER JOIN (SELECT object_key, any(is_gluing) AS is_gluing, min(scratch_mentions.first_seen) AS first_seen FROM scratch_mentions GROUP BY object_key) AS m
    ON m.object_key = o.object_key
WHERE o.object_key IN (SELECT object_key FROM scratch_mentions)
