-- Question: which lifecycles had a milestone or their own row written, from these versions on?
-- Parameters: milestones_since and lifecycles_since UInt64 (included), is_full Bool (those of every clock there is, too),
--   slas Array(String) (those of every clock of theirs that runs), buckets and bucket UInt32 (the share of the lifecycles to do). Cost: one column of each table, then their ids.
INSERT INTO scratch_touched
SELECT lifecycle_id
FROM
(
    SELECT lifecycle_id FROM milestone_rows WHERE version >= {milestones_since:UInt64}
    UNION DISTINCT
    SELECT lifecycle_id FROM lifecycle_rows WHERE version >= {lifecycles_since:UInt64}
    UNION DISTINCT
    SELECT lifecycle_id FROM clock_rows WHERE {is_full:Bool} OR (state IN ('running', 'at_risk', 'paused') AND sla IN {slas:Array(String)})
)
WHERE cityHash64(lifecycle_id) % {buckets:UInt32} = {bucket:UInt32}
