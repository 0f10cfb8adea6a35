-- Question: which exclusions are in force? Grain: one exclusion.
SELECT * EXCEPT (version, is_deleted) FROM sla_exclusions FINAL ORDER BY exclusion
