-- Scratch of one step: the events that carry an amount, once each, their lines by cluster.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_priced
(
    source String, event_id String, cluster String, amount Decimal(18, 2), lifecycle_ids Array(String),
    lines Array(Tuple(cluster String, part Float64))
) ENGINE = Memory
