-- Scratch of one step: the divided amounts, lifecycle by lifecycle.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_parts (event UInt64, parts Map(UInt64, Decimal(18, 2))) ENGINE = Join(ANY, LEFT, event)
