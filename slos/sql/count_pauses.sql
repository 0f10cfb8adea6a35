-- Question: may a clock of the touched lifecycles stand still: did a pause ever begin there, or is there an exclusion?
-- Cost: the events and milestones of those lifecycles by key.
WITH begins AS (SELECT arrayJoin(pauses).start_milestone AS milestone FROM sla_definitions FINAL)
SELECT
    (SELECT count() FROM sla_exclusions FINAL)
    + (SELECT count() FROM milestone_rows
       WHERE milestone IN (SELECT milestone FROM begins) AND lifecycle_id IN (SELECT lifecycle_id FROM scratch_touched))
    + (SELECT count() FROM lifecycle_event_rows
       WHERE milestone IN (SELECT milestone FROM begins) AND lifecycle_id IN (SELECT lifecycle_id FROM scratch_touched)) AS causes
