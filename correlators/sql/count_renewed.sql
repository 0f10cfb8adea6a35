-- Question: how many of the objects that declarations of the step speak of are known?
SELECT count() AS found FROM scratch_mentions WHERE is_declared AND object_key IN (SELECT object_key FROM scratch_found)
