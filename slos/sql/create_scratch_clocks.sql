-- Scratch of one step: the clocks of the touched lifecycles as their milestones state them, before any calendar.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_clocks
(
    sla String, lifecycle_id String, subject_key String, lifecycle_state LowCardinality(String), calendar String,
    started_ms Int64, is_stopped Bool, end_ms Int64 COMMENT 'the stop, or the instant of judging',
    duration_ms Int64, at_risk_after_ms Int64, at_risk_by LowCardinality(String), value_at_risk Decimal(18, 2), currency String, owner String, client String,
    region String, legal_entity String, billing_model String
) ENGINE = Memory
