-- Public view: when each object reached each of its checkpoints.
CREATE VIEW milestones {{on_cluster}} AS
SELECT * EXCEPT (version, is_deleted)
FROM milestone_rows FINAL
