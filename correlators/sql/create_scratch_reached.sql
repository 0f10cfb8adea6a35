-- Scratch of one step: which event reached which milestone of which subject.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_reached
(
    lifecycle_id String, source String, event_id String, milestone LowCardinality(String), position UInt16,
    measure LowCardinality(String), is_end Bool, object_type LowCardinality(String), subject_key String
) ENGINE = Memory
