-- Scratch of one step: the spans of each lifecycle that has any.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_spans (lifecycle UInt64, span_count UInt32, span_errors UInt32) ENGINE = Join(ANY, LEFT, lifecycle)
