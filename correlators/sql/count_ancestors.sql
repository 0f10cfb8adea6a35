-- Question: how many ancestors were found in this round? Parameters: round UInt16.
SELECT count() AS found FROM scratch_ancestors WHERE round = {round:UInt16}
