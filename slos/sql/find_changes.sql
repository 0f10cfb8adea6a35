-- Question: what is the newest version written to the tables that clocks are judged on, and how many rows carry it?
-- Parameters: milestones_since and lifecycles_since UInt64 (versions, included). Shape: one row per table that has any.
-- Cost: one column of each table.
SELECT 'milestone_rows' AS stream, version AS position, count() AS records
FROM milestone_rows WHERE version >= {milestones_since:UInt64}
GROUP BY version ORDER BY version DESC LIMIT 1
UNION ALL
SELECT 'lifecycle_rows' AS stream, version AS position, count() AS records
FROM lifecycle_rows WHERE version >= {lifecycles_since:UInt64}
GROUP BY version ORDER BY version DESC LIMIT 1
