-- Question: how many objects changed their label in this round? Parameters: round UInt16.
SELECT count() AS merged FROM scratch_labels WHERE round = {round:UInt16}
