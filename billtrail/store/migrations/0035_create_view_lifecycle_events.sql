-- Public view: which events a lifecycle holds.
CREATE VIEW lifecycle_events {{on_cluster}} AS
SELECT * EXCEPT (version, is_deleted)
FROM lifecycle_event_rows FINAL
