-- Question: which rows of milestone_rows are new or different? Parameters: version UInt64, is_first Bool (nothing is stored to
-- compare with). Cost: the rows of the step's lifecycles, old and new; writes the difference only.
INSERT INTO milestone_rows
WITH
    fresh AS
    (
        SELECT joinGet('scratch_nodes', 'object_key', lifecycle) AS lifecycle_id, milestone, subject_key,
            object_type, reached_at, outcome, attempts, source, event_id, system, amount, currency, amount_place
        FROM scratch_milestones
    ),
    stored AS
    (
        SELECT lifecycle_id, milestone, subject_key, object_type, reached_at, outcome, attempts, source, event_id, system, amount, currency, amount_place
        FROM milestone_rows FINAL WHERE lifecycle_id IN (SELECT lifecycle_id FROM scratch_affected)
    )
SELECT *, {version:UInt64}, 0 FROM fresh WHERE {is_first:Bool} OR sipHash128(*) NOT IN (SELECT sipHash128(*) FROM stored)
