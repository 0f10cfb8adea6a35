-- Public view: per SLA and calendar month of the due time, how many promises were kept.
CREATE VIEW sla_reports
(
    `sla` LowCardinality(String),
    `month` Date,
    `region` LowCardinality(String),
    `legal_entity` LowCardinality(String),
    `met` UInt64,
    `late` UInt64,
    `open` UInt64,
    `unknown` UInt64,
    `attainment_ratio` Nullable(Float64),
    `value_at_risk` Decimal(38, 2)
)
AS SELECT
    sla,
    toStartOfMonth(due_at) AS month,
    region,
    legal_entity,
    countIf(state = 'met') AS met,
    countIf(state IN ('missed', 'breached')) AS late,
    countIf(state IN ('running', 'at_risk', 'paused')) AS open,
    countIf(state = 'unknown') AS unknown,
    if((met + late) = 0, NULL, met / (met + late)) AS attainment_ratio,
    sumIf(value_at_risk, state = 'breached') AS value_at_risk
FROM sla_clocks
GROUP BY
    sla,
    month,
    region,
    legal_entity
