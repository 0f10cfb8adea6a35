-- Scratch of one step: every object that something new names, and the time of that.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_mentions
(node UInt64, object_key String, object_type LowCardinality(String), is_gluing Bool, first_seen DateTime64(3, 'UTC'), round UInt16, is_declared Bool)
ENGINE = Memory
