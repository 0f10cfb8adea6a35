-- Question: how many lifecycles were found in this round? Parameters: round UInt16.
SELECT count() AS found FROM scratch_affected WHERE round = {round:UInt16}
