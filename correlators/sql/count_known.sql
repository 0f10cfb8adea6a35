-- Question: how many of the objects that something new names and that glue are known?
SELECT countIf(is_gluing) AS known FROM scratch_found
