-- Question: what is stored of the lifecycles found in a round? Parameters: round UInt16. Cost: their rows.
INSERT INTO scratch_stored
SELECT * FROM lifecycle_event_rows FINAL
WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_affected WHERE round = {round:UInt16})
