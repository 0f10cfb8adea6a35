-- Question: how many different labels hang together after this round? Parameters: round UInt16.
SELECT countIf(start != stop) AS left FROM scratch_links WHERE round = {round:UInt16}
