-- The promises, compiled from their OpenSLO documents. Grain: one SLA.
CREATE TABLE sla_definitions
(
    `sla` LowCardinality(String),
    `display_name` String,
    `journey` LowCardinality(String),
    `object_type` LowCardinality(String),
    `start_milestone` LowCardinality(String),
    `stop_milestones` Array(String) COMMENT 'all of them stop the clock',
    `duration_ms` Int64 COMMENT 'open time of the calendar',
    `at_risk_ratio` Float64 COMMENT 'share of the duration used from which the clock is at risk',
    `default_calendar` LowCardinality(String),
    `calendars` Map(String, String) COMMENT 'legal entity or region to calendar',
    `target_ratio` Float64,
    `severity` LowCardinality(String),
    `owner` String,
    `runbook` String,
    `version` UInt64,
    `is_deleted` UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (sla)
