-- The object types of the journeys, compiled from their documents. Grain: one object type of one journey.
CREATE TABLE journey_types {{on_cluster}}
(
    journey     LowCardinality(String),
    object_type LowCardinality(String),
    role        LowCardinality(String) COMMENT 'root, origin, part or reference',
    level       UInt8 COMMENT '0 for the root, then one more than the nearest parent',
    version     UInt64
)
ENGINE = {{engine:ReplacingMergeTree(version)}}
ORDER BY (object_type, journey)
