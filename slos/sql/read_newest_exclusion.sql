-- Question: when was an exclusion last put in force, changed or taken back? Cost: a handful of rows.
SELECT max(version) AS version FROM sla_exclusions
