-- Finance-close periods of the calendars: a clock that starts in one has the tighter promise. Grain: one period.
CREATE TABLE calendar_closes
(
    `calendar` LowCardinality(String),
    `starts_at` DateTime64(3, 'UTC'),
    `ends_at` DateTime64(3, 'UTC'),
    `version` UInt64,
    `is_deleted` UInt8
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (calendar, starts_at)
