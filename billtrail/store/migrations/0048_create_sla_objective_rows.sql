-- What is wanted of each SLA or group of SLAs, in every version it had. Grain: one version of one objective.
CREATE TABLE sla_objective_rows {{on_cluster}}
(
    sla                LowCardinality(String) COMMENT 'a composite has a name of its own',
    version            UInt64 COMMENT 'when it was put in force, in milliseconds',
    display_name       String,
    components         Array(Tuple(sla String, weight Float64, slice_ms Int64, slice_target_ratio Float64)) COMMENT 'one: the SLA itself; slices are 0 where promises are counted',
    target_ratio       Float64,
    method             LowCardinality(String) COMMENT 'Occurrences, Timeslices or RatioTimeslices',
    window_length      LowCardinality(String) COMMENT 'such as 28d or 1M',
    window_anchor      String COMMENT 'local start of a period, empty for a rolling window',
    window_zone        LowCardinality(String),
    window_pattern     LowCardinality(String) COMMENT 'fiscal weeks of the months of a quarter, such as 4-4-5 nearest; or empty',
    burn_windows       LowCardinality(String),
    severity           LowCardinality(String),
    owner              String,
    runbook            String,
    is_deleted         UInt8
)
ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (sla, version)
