-- Scratch of one step: each event in each lifecycle that is written anew, with the milestones it reaches there, each with its
-- subject, and with the part of its amount.
CREATE TEMPORARY TABLE IF NOT EXISTS scratch_rows
(
    is_new Bool, event UInt64, shape UInt64, source LowCardinality(String), event_id String, event_type LowCardinality(String),
    system LowCardinality(String), subject_key String, occurred_at DateTime64(3, 'UTC'), outcome LowCardinality(String),
    error_category LowCardinality(String), correlation_id String, trace_id String,
    objects Array(Tuple(object_type LowCardinality(String), system LowCardinality(String), id String, qualifier LowCardinality(String))),
    links Array(Tuple(from_key String, to_key String, qualifier String)),
    lines Array(Tuple(object_key String, amount Decimal(18, 2))), amount Decimal(18, 2), currency LowCardinality(String),
    client LowCardinality(String), region LowCardinality(String), legal_entity LowCardinality(String),
    billing_model LowCardinality(String), owner LowCardinality(String), attributes Map(LowCardinality(String), String),
    takes_amount Bool, worth_in LowCardinality(String), confidence String, lifecycles Array(UInt64),
    lifecycle UInt64, part Decimal(18, 2),
    reached Array(Tuple(position UInt16, milestone String, measure String, is_end Bool, object_type String, subject UInt64)),
    is_value Bool, effective_at DateTime64(3, 'UTC')
) ENGINE = Memory
