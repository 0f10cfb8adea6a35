-- Question: the lifecycles of an export, after the last one of the page before. Superseded ones live on in their
-- successors and are left out. Parameters: after String, limit UInt32, journey String and lifecycles Array(String), where
-- empty is any. Grain: one lifecycle. Cost: the lifecycles of the page.
SELECT
    lifecycle_id, kind, root_key, journey, client, region, legal_entity, billing_model, owner, currency,
    toString(contract_value) AS contract_value, stage, state
FROM lifecycles
WHERE lifecycle_id > {after:String} AND superseded_by = ''
  AND ({journey:String} = '' OR journey = {journey:String})
  AND (empty({lifecycles:Array(String)}) OR has({lifecycles:Array(String)}, lifecycle_id))
ORDER BY lifecycle_id
LIMIT {limit:UInt32}
