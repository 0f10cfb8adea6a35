-- Question: how many objects did this round reach? Parameters: round UInt16.
SELECT count() AS reached FROM scratch_nodes WHERE round = {round:UInt16}
