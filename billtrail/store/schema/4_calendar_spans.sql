-- Business calendars compiled: every stretch of open time, and how much open time lies before it. Grain: one stretch.
CREATE TABLE calendar_spans
(
    `calendar` LowCardinality(String),
    `opens_at` DateTime64(3, 'UTC'),
    `closes_at` DateTime64(3, 'UTC'),
    `open_before_ms` Int64 COMMENT 'open time of this calendar before opens_at',
    `version` UInt64,
    `is_deleted` UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (calendar, opens_at)
