-- Public view: lifecycles, superseded ones included (they point to their successor).
CREATE VIEW lifecycles {{on_cluster}} AS
SELECT * EXCEPT (failures, told_model, told_places, worths, failed, approvals, invoices, version, is_deleted)
FROM lifecycle_rows FINAL
