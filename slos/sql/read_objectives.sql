-- Question: what is wanted of each SLA, as it stood at an instant? Parameters: known_ms UInt64. Grain: one objective.
SELECT * EXCEPT (version, is_deleted)
FROM (SELECT * FROM sla_objective_rows FINAL WHERE version <= {known_ms:UInt64} ORDER BY version DESC LIMIT 1 BY sla)
WHERE NOT is_deleted
ORDER BY sla
