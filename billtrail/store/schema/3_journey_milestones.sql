-- The milestones of the journeys: which event reaches them, for which object and billing models. Grain: one milestone.
CREATE TABLE journey_milestones
(
    `journey` LowCardinality(String),
    `milestone` LowCardinality(String),
    `position` UInt16 COMMENT 'expected order',
    `event_type` LowCardinality(String),
    `systems` Array(String) COMMENT 'empty: any system',
    `object_type` LowCardinality(String) COMMENT 'whose checkpoint it is',
    `conditions` Map(String, String) COMMENT 'attributes the event must carry',
    `billing_models` Array(String) COMMENT 'empty: every billing model',
    `after` Array(String) COMMENT 'milestones that have to be reached before; nothing else has an order',
    `followed_by` Array(String) COMMENT 'milestones that come after it, at once or through others: with one of them done it was skipped',
    `is_repeatable` Bool COMMENT 'may be reached again; otherwise every time but the first is extra',
    `is_optional` Bool,
    `is_end` Bool COMMENT 'reaching it ends the lifecycle',
    `measure` LowCardinality(String) COMMENT 'value, approved, invoiced, paid or empty: which amount the event moves',
    `owner` String,
    `in_effect` Array(Tuple(
        starts DateTime64(3, 'UTC'),
        ends DateTime64(3, 'UTC'))) COMMENT 'in which versions of the journey it is: when a lifecycle has to begin to be expected to reach it',
    `version` UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (journey, milestone)
