-- Question: which is the smallest label beside each, itself included? Parameters: round UInt16. Cost: the links of the round before.
INSERT INTO scratch_smallest
SELECT {round:UInt16}, node, least(node, min(peer))
FROM (SELECT arrayJoin([(start, stop), (stop, start)]) AS pair, pair.1 AS node, pair.2 AS peer FROM scratch_links WHERE round = {round:UInt16} - 1)
GROUP BY node
