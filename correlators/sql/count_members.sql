-- Question: how many clusters were placed in this round? Parameters: round UInt16.
SELECT count() AS found FROM scratch_members WHERE round = {round:UInt16}
