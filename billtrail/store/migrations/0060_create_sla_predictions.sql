-- From how much used time on a promise is more likely late than kept, by the history of its SLA. Grain: one statement on one SLA.
CREATE TABLE sla_predictions {{on_cluster}}
(
    sla              LowCardinality(String),
    known_at         DateTime64(3, 'UTC'),
    history_until    DateTime64(3, 'UTC') COMMENT 'promises that came due before were looked at',
    at_risk_after_ms Int64 COMMENT 'open time; 0: nothing is predicted',
    sample           UInt64 COMMENT 'promises that took at least as long',
    kept             UInt64 COMMENT 'of those, kept in time'
)
ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (sla, known_at)
