-- What a promise may take when it starts in a finance-close period.
ALTER TABLE sla_definitions {{on_cluster}}
    ADD COLUMN IF NOT EXISTS close_duration_ms Int64 DEFAULT 0 COMMENT 'in a finance-close period, 0: as ever' AFTER duration_ms
