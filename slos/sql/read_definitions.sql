-- Question: which SLAs are in force? Grain: one SLA.
SELECT * EXCEPT (version, is_deleted) FROM sla_definitions FINAL ORDER BY sla
