-- Events that name no object of a journey, by the runs they share with others. Grain: one run of one event. A row may be
-- out of date when the event was corrected: it is a hint where to look.
CREATE TABLE weak_events {{on_cluster}}
(
    run      UInt64 COMMENT 'cityHash64 of correlation_id::x or trace::x',
    source   LowCardinality(String),
    event_id String
)
ENGINE = {{engine:ReplacingMergeTree}}
ORDER BY (run, source, event_id)
