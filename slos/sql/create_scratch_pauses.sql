-- Scratch of one step: when the clocks of the touched lifecycles stood still, on the axis of open time, apart and in order.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_pauses
(
    sla String, lifecycle_id String, subject_key String,
    pauses Array(Tuple(from_open_ms Int64, length_ms Int64, is_on Bool, reason String)) COMMENT 'is_on: not over yet'
) ENGINE = Memory
