-- Question: how many objects were found in this round? Parameters: round UInt16.
SELECT count() AS found FROM scratch_mentions WHERE round = {round:UInt16}
