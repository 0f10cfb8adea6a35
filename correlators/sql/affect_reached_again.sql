-- Question: in which stored lifecycles does a new event reach a milestone that its subject has reached, or tried, before?
-- Cost: the milestones of the new events, looked up one by one.
INSERT INTO scratch_affected
WITH again AS
(
    SELECT DISTINCT lifecycle_id, milestone, subject_key FROM
    (
        SELECT
            reach.milestone AS milestone, arrayJoin(empty(reach.named_at)
                ? arrayMap(i -> (joinGet('scratch_found', 'lifecycle_ids', nodes[i]), ''), joinGet('scratch_shapes', 'glue_at', shape))
                : arrayMap(i -> (joinGet('scratch_found', 'lifecycle_ids', nodes[i]), joinGet('scratch_found', 'cluster_key', nodes[i])), reach.named_at)) AS subject,
            arrayJoin(subject.1) AS lifecycle_id, subject.2 = '' ? lifecycle_id : subject.2 AS subject_key
        FROM scratch_events ARRAY JOIN joinGet('scratch_shapes', 'reaches', shape) AS reach
        WHERE is_new
    )
)
SELECT DISTINCT lifecycle_id, 0 FROM milestone_rows
WHERE (lifecycle_id, milestone, subject_key) IN (SELECT lifecycle_id, milestone, subject_key FROM again)
