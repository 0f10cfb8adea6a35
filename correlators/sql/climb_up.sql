-- Question: which objects lie above, or are the same thing in another system?
-- Parameters: round UInt16; round 0 of a climb starts from everything reached so far. Cost: the edges of the last round.
INSERT INTO scratch_nodes
SELECT DISTINCT peer, {round:UInt16}
FROM relation_edges FINAL
WHERE node IN (SELECT node FROM scratch_nodes WHERE round >= {from_round:UInt16} AND round < {round:UInt16})
  AND (kind = 'same_as' OR (kind = 'part_of' AND direction = 'from') OR (kind = 'originates_from' AND direction = 'to'))
  AND peer NOT IN (SELECT node FROM scratch_nodes)
