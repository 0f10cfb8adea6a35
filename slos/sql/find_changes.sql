-- Question: which versions of the tables that clocks are judged on are new, and how many rows carry each?
-- Parameters: milestones_since and lifecycles_since UInt64 (versions, included). Grain: one version of one table.
-- Cost: one column of each table.
SELECT 'milestone_rows' AS stream, version, count() AS records
FROM milestone_rows WHERE version >= {milestones_since:UInt64} GROUP BY version
UNION ALL
SELECT 'lifecycle_rows' AS stream, version, count() AS records
FROM lifecycle_rows WHERE version >= {lifecycles_since:UInt64} GROUP BY version
