-- Scratch of one step: the events whose amount has to be divided, once each, their lines by cluster.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_priced
(event UInt64, cluster UInt64, amount Decimal(18, 2), lifecycles Array(UInt64), lines Array(Tuple(cluster UInt64, part Float64))) ENGINE = Memory
