-- Scratch of one step: how long the clocks of the touched lifecycles stood still, in open time.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_pauses
(
    sla String, lifecycle_id String, subject_key String, paused_ms Int64 COMMENT 'pauses that are over',
    stood_still_ms Int64 COMMENT 'those and the one that is on', reason String COMMENT 'of the one that is on'
) ENGINE = Memory
