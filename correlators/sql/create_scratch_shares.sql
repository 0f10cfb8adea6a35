-- Scratch of one step: how each cluster that several lifecycles hold is divided between those. Others are whole.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_shares (cluster UInt64, shares Array(Tuple(lifecycle UInt64, share Float64))) ENGINE = Memory
