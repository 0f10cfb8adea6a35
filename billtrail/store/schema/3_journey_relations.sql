-- The relation rules of the journeys. Grain: one rule. Empty means any.
CREATE TABLE journey_relations
(
    `journey` LowCardinality(String),
    `rule` LowCardinality(String),
    `from_type` LowCardinality(String),
    `to_type` LowCardinality(String),
    `qualifier` LowCardinality(String) COMMENT 'empty: any but reference',
    `kind` LowCardinality(String),
    `is_inverse` Bool COMMENT 'the second object is the part of the first',
    `version` UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (journey, rule)
