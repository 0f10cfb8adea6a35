-- Scratch of one step: the amounts told of each thing, in order of time, for the events that state none themselves.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_told_amounts
(cluster UInt64, told Array(Tuple(at DateTime64(3, 'UTC'), event UInt64, amount Decimal(18, 2), currency String))) ENGINE = Join(ANY, LEFT, cluster)
