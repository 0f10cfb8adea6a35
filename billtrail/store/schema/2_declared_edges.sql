-- Object-to-object relations that no event proves: declared with an object, or made by a person. Each is stored from both
-- of its ends. Grain: one end of one proof.
CREATE TABLE declared_edges
(
    `node` String,
    `peer` String,
    `direction` Enum8('from' = 1, 'to' = 2) COMMENT 'from: node is the relation\'s from_key',
    `kind` LowCardinality(String) COMMENT 'same_as, part_of, originates_from, reference',
    `qualifier` LowCardinality(String),
    `rule` LowCardinality(String),
    `confidence` LowCardinality(String),
    `source` LowCardinality(String),
    `proof` String COMMENT 'object::key of the declaration',
    `declared_at` DateTime64(3, 'UTC'),
    `version` UInt64,
    `is_deleted` UInt8,
    INDEX peers peer TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (node, direction, kind, peer, qualifier, rule, source, proof)
