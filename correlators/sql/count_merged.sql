-- Question: how many objects changed their cluster in this round? Parameters: round UInt16.
SELECT count() AS merged FROM scratch_clusters WHERE round = {round:UInt16}
