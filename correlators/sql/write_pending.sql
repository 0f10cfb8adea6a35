-- Question: which lifecycles is this step about to write? Parameters: version UInt64. Cost: the step's lifecycles.
INSERT INTO pending_lifecycles
SELECT DISTINCT lifecycle_id, {version:UInt64} FROM scratch_affected
UNION DISTINCT
SELECT lifecycle_id, {version:UInt64} FROM scratch_grown
UNION DISTINCT
SELECT joinGet('scratch_nodes', 'object_key', lifecycle), {version:UInt64} FROM scratch_facts
