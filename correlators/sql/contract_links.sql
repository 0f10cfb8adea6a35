-- Question: which labels hang together still? Parameters: round UInt16. Cost: the links of the round before.
INSERT INTO scratch_links
WITH node -> joinGet('scratch_smallest', 'label', {round:UInt16}, node) AS label_of
SELECT DISTINCT label_of(start), label_of(stop), {round:UInt16} FROM scratch_links WHERE round = {round:UInt16} - 1
