-- Every alert in its newest version. Grain: one alert.
CREATE TABLE alert_rows {{on_cluster}}
(
    alert_id        String,
    fingerprint     String COMMENT 'of the labels: one open alert per fingerprint',
    name            LowCardinality(String),
    severity        LowCardinality(String),
    state           LowCardinality(String) COMMENT 'firing, acknowledged or resolved',
    reason          LowCardinality(String) COMMENT 'why it is in this state',
    subject         String,
    lifecycle_id    String,
    summary         String,
    labels          Map(LowCardinality(String), String),
    owner           String,
    runbook         String,
    value_at_risk   Decimal(18, 2),
    currency        LowCardinality(String),
    started_at      DateTime64(3, 'UTC'),
    acknowledged_by String,
    assigned_to     String,
    resolved_at     Nullable(DateTime64(3, 'UTC')),
    version         UInt64
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (alert_id)
