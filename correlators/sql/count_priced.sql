-- Question: how many events of the step carry an amount that has to be divided, and how many objects do several lifecycles hold?
SELECT (SELECT count() FROM scratch_priced) AS priced, (SELECT countIf(length(owned) > 1) FROM scratch_owners) AS shared
