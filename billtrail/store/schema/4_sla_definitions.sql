-- The promises, compiled from their OpenSLO documents. Grain: one SLA.
CREATE TABLE sla_definitions
(
    `sla` LowCardinality(String),
    `display_name` String,
    `description` String,
    `journey` LowCardinality(String),
    `object_type` LowCardinality(String),
    `start_milestone` LowCardinality(String),
    `stop_milestones` Array(String) COMMENT 'all of them stop the clock',
    `stop_owners` Array(String) COMMENT 'who brings each of them about',
    `stop_systems` Array(Array(String)) COMMENT 'who reports each of them',
    `duration_ms` Int64 COMMENT 'open time of the calendar',
    `close_duration_ms` Int64 DEFAULT 0 COMMENT 'in a finance-close period, 0: as ever',
    `at_risk_ratio` Float64 COMMENT 'share of the duration used from which the clock is at risk',
    `at_risk_chance` Float64 COMMENT 'at risk, too, when fewer than this share of those that took as long were still kept; 0: never',
    `default_calendar` LowCardinality(String),
    `calendars` Map(String, String) COMMENT 'legal_entity:X or region:X to calendar, the first wins',
    `filters` Map(String, Array(String)) COMMENT 'attribute of the lifecycle to the values it counts for',
    `pauses` Array(Tuple(
        reason String,
        start_milestone String,
        stop_milestone String)),
    `target_ratio` Float64,
    `window_days` UInt16 COMMENT 'rolling, what the target is measured over',
    `severity` LowCardinality(String),
    `owner` String,
    `runbook` String,
    `version` UInt64,
    `is_deleted` UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (sla)
