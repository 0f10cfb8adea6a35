-- 0001_create_segment_ledger.sql
-- What happened to every journal segment: one row per stage it passed. Grain: (stream, segment, stage).
CREATE TABLE segment_ledger ON CLUSTER `firm`
(
  stream   LowCardinality(String),
  segment   UInt64,
  stage    LowCardinality(String) COMMENT 'loaded',
  frames   UInt64,
  records   UInt64,
  duplicates UInt64,
  rejected  UInt64,
  bytes    UInt64,
  at     DateTime64(3, 'UTC')
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', at)
ORDER BY (stream, segment, stage)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- 0002_create_raw_events.sql
-- Every business record as it came, before any mapping: the truth the rest is derived from. Grain: one record of one frame.
CREATE TABLE raw_events ON CLUSTER `firm`
(
  source   LowCardinality(String),
  door    LowCardinality(String) COMMENT 'cloudevents, webhook, otlp_logs, import',
  record   LowCardinality(String) COMMENT 'event or object',
  received_at DateTime64(3, 'UTC') CODEC(Delta, LZ4),
  segment   UInt64 CODEC(Delta, LZ4),
  frame    UInt32 CODEC(Delta, LZ4),
  item    UInt32 CODEC(Delta, LZ4),
  body    String CODEC(ZSTD(1))
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toYYYYMM(received_at)
ORDER BY (segment, frame, item)

SETTINGS min_bytes_for_wide_part = 268435456, min_parts_to_merge_at_once = 50, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- 0003_create_span_records.sql
-- Every span, once, without loss. Grain: one span. In the order of arrival, so that nothing is sorted or merged row by row; ids are bytes.
CREATE TABLE span_records ON CLUSTER `firm`
(
  Timestamp     DateTime64(9, 'UTC') CODEC(Delta, LZ4),
  TraceId      FixedString(16),
  SpanId       FixedString(8),
  ParentSpanId    FixedString(8),
  TraceState     String,
  Flags       UInt32,
  SpanName      LowCardinality(String),
  SpanKind      Int8,
  ServiceName    LowCardinality(String),
  Duration      UInt64 COMMENT 'ns',
  StatusCode     Int8,
  StatusMessage   String,
  SpanAttributes   Map(LowCardinality(String), String),
  ResourceAttributes Map(LowCardinality(String), String),
  ScopeName     LowCardinality(String),
  ScopeVersion    LowCardinality(String),
  ScopeAttributes  Map(LowCardinality(String), String),
  ResourceSchemaUrl LowCardinality(String),
  ScopeSchemaUrl   LowCardinality(String),
  ResourceDroppedAttrCount UInt32 COMMENT 'what the sender left out, as are all dropped counts',
  ScopeDroppedAttrCount  UInt32,
  DroppedAttrCount  UInt32,
  DroppedEventsCount UInt32,
  DroppedLinksCount UInt32,
  `Events.Timestamp` Array(DateTime64(9, 'UTC')),
  `Events.Name`    Array(LowCardinality(String)),
  `Events.Attributes` Array(Map(LowCardinality(String), String)),
  `Events.DroppedAttrCount` Array(UInt32),
  `Links.TraceId`   Array(FixedString(16)),
  `Links.SpanId`   Array(FixedString(8)),
  `Links.TraceState` Array(String),
  `Links.Attributes` Array(Map(LowCardinality(String), String)),
  `Links.DroppedAttrCount` Array(UInt32),
  `Links.Flags`    Array(UInt32),
  correlation_id   String,
  system       LowCardinality(String),
  source       LowCardinality(String),
  received_at    DateTime64(3, 'UTC') CODEC(Delta, LZ4),
  segment      UInt64 CODEC(Delta, LZ4),
  INDEX at Timestamp TYPE minmax GRANULARITY 1,
  INDEX trace_id TraceId TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
PARTITION BY toYYYYMM(Timestamp)
ORDER BY segment

SETTINGS min_bytes_for_wide_part = 268435456, min_parts_to_merge_at_once = 50, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- 0004_create_span_links.sql
-- The few spans that name a correlation id or a business object: how spans find their lifecycle. Grain: one such span.
CREATE TABLE span_links ON CLUSTER `firm`
(
  correlation_id String,
  trace_id    String COMMENT 'hex',
  span_id    String COMMENT 'hex',
  started_at   DateTime64(3, 'UTC'),
  service    LowCardinality(String),
  name      LowCardinality(String),
  system     LowCardinality(String),
  object_keys  Array(String),
  is_error    Bool,
  error_category LowCardinality(String),
  segment    UInt64 CODEC(Delta, LZ4),
  INDEX segments segment TYPE minmax GRANULARITY 1,
  INDEX traces trace_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', segment)
ORDER BY (correlation_id, trace_id, span_id)

SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- 0005_create_span_links_view.sql
-- Fills span_links as spans are loaded: bare object ids take the span's system, full keys stay, an array names several.
CREATE MATERIALIZED VIEW span_links_from_spans ON CLUSTER `firm` TO span_links AS
WITH mapFilter((k, v) -> startsWith(k, 'billtrail.object.') AND v != '', SpanAttributes) AS named
SELECT
  correlation_id,
  lower(hex(TraceId)) AS trace_id,
  lower(hex(SpanId)) AS span_id,
  toDateTime64(Timestamp, 3, 'UTC') AS started_at,
  ServiceName AS service,
  SpanName AS name,
  system,
  arrayDistinct(arrayFlatten(arrayMap(
    (k, v) -> arrayMap(
      id -> length(splitByChar(':', id)) >= 3 ? id : concat(system, ':', substring(k, 18), ':', id),
      startsWith(v, '[') ? JSONExtract(v, 'Array(String)') : [v]),
    mapKeys(named), mapValues(named)))) AS object_keys,
  StatusCode = 2 AS is_error,
  SpanAttributes['billtrail.error_category'] AS error_category,
  segment
FROM span_records
WHERE correlation_id != '' OR arrayExists(k -> startsWith(k, 'billtrail.object.'), mapKeys(SpanAttributes));

-- 0006_create_dead_letters.sql
-- What could not be used, with the raw bytes, the reason and a way back. Grain: one record.
CREATE TABLE dead_letter_rows ON CLUSTER `firm`
(
  dead_letter_id String,
  door      LowCardinality(String),
  source     LowCardinality(String),
  reason     LowCardinality(String) COMMENT 'closed list: DeadLetterReason',
  detail     String CODEC(ZSTD(1)) COMMENT 'what and where, expected and got',
  received_at  DateTime64(3, 'UTC'),
  body      String CODEC(ZSTD(3)),
  replayed_at  Nullable(DateTime64(3, 'UTC')),
  version    UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
ORDER BY (dead_letter_id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- 0007_create_event_versions.sql
-- Canonical business events, newest version winning. Grain: one version of (source, event_id).
CREATE TABLE event_versions ON CLUSTER `firm`
(
  source     LowCardinality(String),
  event_id    String,
  system     LowCardinality(String),
  event_type   LowCardinality(String),
  occurred_at  DateTime64(3, 'UTC') CODEC(Delta, LZ4),
  received_at  DateTime64(3, 'UTC') CODEC(Delta, LZ4),
  correlation_id String,
  trace_id    String COMMENT 'hex',
  objects    Array(Tuple(object_type LowCardinality(String), system LowCardinality(String), id String, qualifier LowCardinality(String))),
  links     Array(Tuple(from_key String, to_key String, qualifier String)) COMMENT 'object to object, as declared by the sender',
  lines     Array(Tuple(object_key String, amount Decimal(18, 2))),
  amount     Decimal(18, 2),
  currency    LowCardinality(String),
  client     LowCardinality(String),
  region     LowCardinality(String),
  legal_entity  LowCardinality(String),
  billing_model LowCardinality(String),
  owner     LowCardinality(String),
  outcome    LowCardinality(String) COMMENT 'success or failure',
  error_category LowCardinality(String),
  attributes   Map(LowCardinality(String), String),
  sequence    String,
  content_hash  UInt64,
  is_withdrawn  Bool,
  revision    UInt32 COMMENT 'how many other versions of it came before; 0 for the first',
  superseded   Array(UInt64) COMMENT 'content hashes this version replaced: come again, they are duplicates',
  segment    UInt64 CODEC(Delta, LZ4),
  key_hash    UInt32 MATERIALIZED toUInt32(cityHash64(source, event_id)) COMMENT 'finds events told before, whatever their ids look like',
  mapped_by   LowCardinality(String) COMMENT 'the folder of its source, empty for what came as canonical event',
  takes_amount  Bool MATERIALIZED attributes['complete_from'] = 'object' COMMENT 'its amount is the one last told of its subject',
  version    UInt64 MATERIALIZED segment + revision COMMENT 'orders two versions of one segment too',
  INDEX segments segment TYPE minmax GRANULARITY 1
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
ORDER BY (source, event_id)
SETTINGS min_bytes_for_wide_part = 268435456, min_parts_to_merge_at_once = 10, non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- 0008_create_object_declarations.sql
-- Objects declared on their own, without an event: imported or read back. Grain: one version of one declared object.
CREATE TABLE object_declarations ON CLUSTER `firm`
(
  source   LowCardinality(String),
  object_key String,
  declared_at DateTime64(3, 'UTC'),
  attributes Map(LowCardinality(String), String),
  links    Array(Tuple(from_key String, to_key String, qualifier String)),
  segment   UInt64 CODEC(Delta, LZ4),
  INDEX segments segment TYPE minmax GRANULARITY 1
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', segment)
ORDER BY (source, object_key)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- 0009_create_weak_events.sql
-- Events that name no object of a journey, by the runs they share with others. Grain: one run of one event. A row may be
-- out of date when the event was corrected: it is a hint where to look.
CREATE TABLE weak_events ON CLUSTER `firm`
(
  run   UInt64 COMMENT 'cityHash64 of correlation_id::x or trace::x',
  source  LowCardinality(String),
  event_id String
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
ORDER BY (run, source, event_id);

-- 0010_create_span_keys.sql
-- Which spans name a key: an object, a correlation id or a trace. Grain: one key of one span.
CREATE TABLE span_keys ON CLUSTER `firm`
(
  key      String COMMENT 'system:type:id, correlation_id::x or trace::x',
  trace_id    String,
  span_id    String,
  object_keys  Array(String) COMMENT 'of a correlation id or a trace: the objects the span names',
  is_error    Bool,
  error_category LowCardinality(String),
  version    UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
ORDER BY (key, trace_id, span_id);

-- 0011_create_object_rows.sql
-- Every object ever named, with the cluster of ids it belongs to and the lifecycles that hold it. Grain: one object.
CREATE TABLE object_rows ON CLUSTER `firm`
(
  object_key  String,
  object_type  LowCardinality(String),
  system    LowCardinality(String),
  id      String,
  cluster_key  String,
  first_seen  DateTime64(3, 'UTC') CODEC(Delta, LZ4),
  attributes  Map(LowCardinality(String), String),
  lifecycle_ids Array(String) COMMENT 'it is part of',
  shares    Array(Float64) COMMENT 'how it is divided between those, where there are several',
  shown_in   Array(String) COMMENT 'it is shown in these, too: the contracts of an opportunity',
  version    UInt64 CODEC(Delta, LZ4),
  is_deleted  UInt8,
  INDEX ids id TYPE bloom_filter(0.001) GRANULARITY 4
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version, is_deleted)
ORDER BY (object_key)
SETTINGS index_granularity = 128;

-- 0012_create_relation_rows.sql
-- Object-to-object relations that events prove, each with its earliest proof. Grain: one relation by one rule.
CREATE TABLE relation_rows ON CLUSTER `firm`
(
  from_key  String,
  to_key   String,
  kind    LowCardinality(String) COMMENT 'same_as, part_of, originates_from, reference',
  qualifier  LowCardinality(String),
  rule    LowCardinality(String),
  source   LowCardinality(String),
  event_id  String,
  occurred_at DateTime64(3, 'UTC') CODEC(Delta, LZ4),
  version   UInt64 CODEC(Delta, LZ4),
  is_deleted UInt8,
  INDEX wholes to_key TYPE bloom_filter(0.001) GRANULARITY 4
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version, is_deleted)
ORDER BY (from_key, kind, to_key, qualifier, rule)
SETTINGS index_granularity = 128;

-- 0013_create_journey_types.sql
-- The object types of the journeys, compiled from their documents. Grain: one object type of one journey.
CREATE TABLE journey_types ON CLUSTER `firm`
(
  journey   LowCardinality(String),
  object_type LowCardinality(String),
  role    LowCardinality(String) COMMENT 'root, origin, part or reference',
  level    UInt8 COMMENT '0 for the root, then one more than the nearest parent',
  version   UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
ORDER BY (object_type, journey);

-- 0014_create_journey_relations.sql
-- The relation rules of the journeys. Grain: one rule. Empty means any.
CREATE TABLE journey_relations ON CLUSTER `firm`
(
  journey  LowCardinality(String),
  rule   LowCardinality(String),
  from_type LowCardinality(String),
  to_type  LowCardinality(String),
  qualifier LowCardinality(String) COMMENT 'empty: any but reference',
  kind   LowCardinality(String),
  is_inverse Bool COMMENT 'the second object is the part of the first',
  version  UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
ORDER BY (journey, rule);

-- 0015_create_journey_milestones.sql
-- The milestones of the journeys: which event reaches them, for which object and billing models. Grain: one milestone.
CREATE TABLE journey_milestones ON CLUSTER `firm`
(
  journey    LowCardinality(String),
  milestone   LowCardinality(String),
  position    UInt16 COMMENT 'expected order',
  event_type   LowCardinality(String),
  systems    Array(String) COMMENT 'empty: any system',
  object_type  LowCardinality(String) COMMENT 'whose checkpoint it is',
  conditions   Map(String, String) COMMENT 'attributes the event must carry',
  billing_models Array(String) COMMENT 'empty: every billing model',
  after     Array(String) COMMENT 'milestones that have to be reached before; nothing else has an order',
  followed_by  Array(String) COMMENT 'milestones that come after it, at once or through others: with one of them done it was skipped',
  is_repeatable Bool COMMENT 'may be reached again; otherwise every time but the first is extra',
  is_optional  Bool,
  is_end     Bool COMMENT 'reaching it ends the lifecycle',
  measure    LowCardinality(String) COMMENT 'value, approved, invoiced, paid or empty: which amount the event moves',
  owner     String,
  in_effect   Array(Tuple(starts DateTime64(3, 'UTC'), ends DateTime64(3, 'UTC'))) COMMENT 'in which versions of the journey it is: when a lifecycle has to begin to be expected to reach it',
  version    UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
ORDER BY (journey, milestone);

-- 0016_create_lifecycle_rows.sql
-- One row per lifecycle: what the contract is, how far it got, what it is worth. Grain: one lifecycle.
CREATE TABLE lifecycle_rows ON CLUSTER `firm`
(
  lifecycle_id  String,
  kind      LowCardinality(String) COMMENT 'contract, opportunity or unrooted; the journey''s root type first',
  root_key    String,
  journey     LowCardinality(String),
  client     LowCardinality(String),
  region     LowCardinality(String),
  legal_entity  LowCardinality(String),
  billing_model  LowCardinality(String),
  owner      LowCardinality(String),
  currency    LowCardinality(String),
  contract_value Decimal(18, 2) COMMENT 'as signed, or as the last approved amendment in effect says',
  next_effective_at Nullable(DateTime64(3, 'UTC')) COMMENT 'when an amendment already known takes effect',
  stage      LowCardinality(String) COMMENT 'the furthest milestone done',
  state      LowCardinality(String) COMMENT 'open, done, cancelled, failed or superseded',
  started_at   DateTime64(3, 'UTC'),
  last_event_at  DateTime64(3, 'UTC'),
  milestones   Map(LowCardinality(String), DateTime64(3, 'UTC')) COMMENT 'when each was first done',
  milestone_states Map(LowCardinality(String), LowCardinality(String)),
  event_count   UInt32,
  span_count   UInt32,
  error_count   UInt32,
  approved_amount Decimal(18, 2),
  invoiced_amount Decimal(18, 2),
  paid_amount   Decimal(18, 2),
  unbilled_amount Decimal(18, 2) COMMENT 'approved and not invoiced, never below zero',
  time_to_bill_ms Nullable(Int64) COMMENT 'mean over the billings below',
  billings    Array(Tuple(invoice_key String, approved_at DateTime64(3, 'UTC'), issued_at DateTime64(3, 'UTC'), amount Decimal(18, 2))) COMMENT 'each invoice with the oldest approved work it could bill',
  systems     Array(LowCardinality(String)),
  object_count  UInt32,
  superseded_by  String,
  failures    UInt32 COMMENT 'events that failed; from here on what a step needs to add to the row',
  told_model   LowCardinality(String) COMMENT 'the billing model that other events than those of the terms say',
  told_places   Array(UInt128) COMMENT 'who says client, region, legal_entity, told_model, owner, currency: the last one counts',
  worths     Array(Tuple(effective_at DateTime64(3, 'UTC'), occurred_at DateTime64(3, 'UTC'), event_id String, amount Decimal(18, 2), billing_model String)) COMMENT 'the signature and the approved amendments',
  failed     Array(LowCardinality(String)) COMMENT 'milestones tried and never done',
  approvals    Array(DateTime64(3, 'UTC')) COMMENT 'when work was approved, in order',
  invoices    Array(Tuple(invoice_key String, issued_at DateTime64(3, 'UTC'), amount Decimal(18, 2))),
  version     UInt64,
  is_deleted   UInt8
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version, is_deleted)
ORDER BY (lifecycle_id)
SETTINGS index_granularity = 32;

-- 0017_create_lifecycle_objects.sql
-- Which objects a lifecycle holds, with what a step must know of each. Grain: one object in one lifecycle.
CREATE TABLE lifecycle_object_rows ON CLUSTER `firm`
(
  lifecycle_id String,
  object_key  String,
  cluster_key  String,
  object_type  LowCardinality(String),
  first_seen  DateTime64(3, 'UTC') CODEC(Delta, LZ4),
  lifecycle_ids Array(String) COMMENT 'as in object_rows',
  shares    Array(Float64) COMMENT 'as in object_rows',
  shown_in   Array(String) COMMENT 'as in object_rows',
  version    UInt64 CODEC(Delta, LZ4),
  is_deleted  UInt8,
  INDEX objects object_key TYPE bloom_filter(0.001) GRANULARITY 4
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version, is_deleted)
ORDER BY (lifecycle_id, object_key)
SETTINGS index_granularity = 512;

-- 0018_create_lifecycle_events.sql
-- Which events a lifecycle holds and what each reached, with all that is needed to place it anew. Grain: one event in one
-- lifecycle.
CREATE TABLE lifecycle_event_rows ON CLUSTER `firm`
(
  lifecycle_id  String,
  occurred_at  DateTime64(3, 'UTC') CODEC(Delta, LZ4),
  source     LowCardinality(String),
  event_id    String,
  event_type   LowCardinality(String),
  system     LowCardinality(String),
  object_key   String COMMENT 'the subject',
  milestone   LowCardinality(String) COMMENT 'empty: the event reaches none',
  outcome    LowCardinality(String),
  error_category LowCardinality(String),
  amount     Decimal(18, 2) COMMENT 'the part of the event''s amount that belongs to this lifecycle',
  currency    LowCardinality(String),
  confidence   LowCardinality(String) COMMENT 'declared, correlation_id or trace: why the event is here',
  correlation_id String,
  trace_id    String,
  lifecycle_ids Array(String) COMMENT 'all that hold the event, this one included',
  objects    Array(Tuple(object_type LowCardinality(String), system LowCardinality(String), id String, qualifier LowCardinality(String))),
  links     Array(Tuple(from_key String, to_key String, qualifier String)),
  lines     Array(Tuple(object_key String, amount Decimal(18, 2))),
  total     Decimal(18, 2) COMMENT 'the whole amount of the event',
  total_in    LowCardinality(String) COMMENT 'and its currency, where the event states one',
  client     LowCardinality(String),
  region     LowCardinality(String),
  legal_entity  LowCardinality(String),
  billing_model LowCardinality(String),
  owner     LowCardinality(String),
  attributes   Map(LowCardinality(String), String),
  takes_amount  Bool COMMENT 'its amount is the one last told of its subject',
  is_value    Bool COMMENT 'states what the contract is worth',
  effective_at  DateTime64(3, 'UTC') CODEC(Delta, LZ4) COMMENT 'from when on, where it does',
  version    UInt64 CODEC(Delta, LZ4),
  is_deleted   UInt8,
  INDEX ties multiIf(confidence = 'trace', concat('trace::', trace_id), confidence = 'correlation_id', concat('correlation_id::', correlation_id), '')
    TYPE bloom_filter(0.001) GRANULARITY 4,
  INDEX events event_id TYPE bloom_filter(0.001) GRANULARITY 4
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version, is_deleted)
ORDER BY (lifecycle_id, occurred_at, source, event_id)
SETTINGS index_granularity = 512;

-- 0019_create_milestone_rows.sql
-- When each object reached each of its checkpoints: what SLAs are judged on. Grain: one milestone of one subject in one lifecycle.
CREATE TABLE milestone_rows ON CLUSTER `firm`
(
  lifecycle_id String,
  milestone  LowCardinality(String),
  subject_key String COMMENT 'the cluster key of the object whose checkpoint it is',
  object_type LowCardinality(String),
  reached_at  DateTime64(3, 'UTC') COMMENT 'first success; for a failed one the first failure',
  outcome   LowCardinality(String) COMMENT 'success, or failure while no success came',
  attempts   UInt32,
  source    LowCardinality(String),
  event_id   String,
  system    LowCardinality(String),
  amount    Decimal(18, 2),
  currency   LowCardinality(String),
  amount_place UInt128 COMMENT 'when the event came whose amount counts: the last success; 0 while there is none',
  version   UInt64,
  is_deleted  UInt8
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version, is_deleted)
ORDER BY (lifecycle_id, milestone, subject_key)
SETTINGS index_granularity = 128;

-- 0020_create_unmatched_events.sql
-- Events that lead to no lifecycle yet. Grain: one event.
CREATE TABLE unmatched_event_rows ON CLUSTER `firm`
(
  source   LowCardinality(String),
  event_id  String,
  event_type LowCardinality(String),
  occurred_at DateTime64(3, 'UTC'),
  received_at DateTime64(3, 'UTC'),
  version   UInt64,
  is_deleted UInt8
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version, is_deleted)
ORDER BY (source, event_id);

-- 0021_create_finding_rows.sql
-- What the detectors found. Grain: one finding of one detector about one subject.
CREATE TABLE finding_rows ON CLUSTER `firm`
(
  detector   LowCardinality(String),
  subject_key  String CODEC(ZSTD(1)),
  lifecycle_id String CODEC(ZSTD(1)),
  severity   LowCardinality(String) COMMENT 'critical, warning or info',
  amount    Decimal(18, 2),
  currency   LowCardinality(String),
  owner     String,
  runbook    String,
  evidence   String CODEC(ZSTD(1)) COMMENT 'one sentence with the ids',
  first_seen_at DateTime64(3, 'UTC'),
  resolved_at  Nullable(DateTime64(3, 'UTC')),
  version    UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
ORDER BY (detector, lifecycle_id, subject_key);

-- 0022_create_loop_cursors.sql
-- How far each loop got. Grain: one cursor. Written after the work, so a repeat is harmless.
CREATE TABLE loop_cursors ON CLUSTER `firm`
(
  loop   LowCardinality(String),
  stream  LowCardinality(String),
  position UInt64,
  at    DateTime64(3, 'UTC')
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', at)
ORDER BY (loop, stream);

-- 0023_create_calendar_spans.sql
-- Business calendars compiled: every stretch of open time, and how much open time lies before it. Grain: one stretch.
CREATE TABLE calendar_spans ON CLUSTER `firm`
(
  calendar    LowCardinality(String),
  opens_at    DateTime64(3, 'UTC'),
  closes_at   DateTime64(3, 'UTC'),
  open_before_ms Int64 COMMENT 'open time of this calendar before opens_at',
  version    UInt64,
  is_deleted   UInt8
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version, is_deleted)
ORDER BY (calendar, opens_at);

-- 0024_create_sla_definitions.sql
-- The promises, compiled from their OpenSLO documents. Grain: one SLA.
CREATE TABLE sla_definitions ON CLUSTER `firm`
(
  sla       LowCardinality(String),
  display_name  String,
  description   String,
  journey     LowCardinality(String),
  object_type   LowCardinality(String),
  start_milestone LowCardinality(String),
  stop_milestones Array(String) COMMENT 'all of them stop the clock',
  stop_owners   Array(String) COMMENT 'who brings each of them about',
  stop_systems  Array(Array(String)) COMMENT 'who reports each of them',
  duration_ms   Int64 COMMENT 'open time of the calendar',
  at_risk_ratio  Float64 COMMENT 'share of the duration used from which the clock is at risk',
  at_risk_chance Float64 COMMENT 'at risk, too, when fewer than this share of those that took as long were still kept; 0: never',
  default_calendar LowCardinality(String),
  calendars    Map(String, String) COMMENT 'legal_entity:X or region:X to calendar, the first wins',
  filters     Map(String, Array(String)) COMMENT 'attribute of the lifecycle to the values it counts for',
  pauses     Array(Tuple(reason String, start_milestone String, stop_milestone String)),
  target_ratio  Float64,
  window_days   UInt16 COMMENT 'rolling, what the target is measured over',
  severity    LowCardinality(String),
  owner      String,
  runbook     String,
  version     UInt64,
  is_deleted   UInt8
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version, is_deleted)
ORDER BY (sla);

-- 0025_create_clock_verdicts.sql
-- Every verdict on every clock and when it became known: nothing is overwritten. Grain: one verdict.
CREATE TABLE clock_verdicts ON CLUSTER `firm`
(
  sla         LowCardinality(String),
  lifecycle_id    String CODEC(ZSTD(1)),
  subject_key     String CODEC(ZSTD(1)),
  known_at      DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  state        LowCardinality(String) COMMENT 'running at_risk breached met missed paused cancelled unknown',
  reason       LowCardinality(String) COMMENT 'why this state',
  calendar      LowCardinality(String),
  started_at     DateTime64(3, 'UTC'),
  at_risk_at     DateTime64(3, 'UTC'),
  at_risk_by     LowCardinality(String) COMMENT 'what sets at_risk_at: time_used or history',
  due_at       DateTime64(3, 'UTC'),
  stopped_at     Nullable(DateTime64(3, 'UTC')),
  elapsed_business_ms Int64 COMMENT 'up to the stop, or to known_at',
  paused_ms      Int64,
  value_at_risk    Decimal(18, 2),
  currency      LowCardinality(String),
  owner        String,
  client       LowCardinality(String),
  region       LowCardinality(String),
  legal_entity    LowCardinality(String),
  billing_model    LowCardinality(String),
  INDEX known known_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
ORDER BY (lifecycle_id, sla, subject_key, known_at);

-- 0026_create_alert_rows.sql
-- Every alert in its newest version. Grain: one alert.
CREATE TABLE alert_rows ON CLUSTER `firm`
(
  alert_id    String,
  fingerprint   String COMMENT 'of the labels: one open alert per fingerprint',
  name      LowCardinality(String),
  severity    LowCardinality(String),
  state      LowCardinality(String) COMMENT 'firing, acknowledged or resolved',
  reason     LowCardinality(String) COMMENT 'why it is in this state',
  subject     String,
  lifecycle_id  String,
  summary     String,
  labels     Map(LowCardinality(String), String),
  owner      String,
  runbook     String,
  value_at_risk  Decimal(18, 2),
  currency    LowCardinality(String),
  started_at   DateTime64(3, 'UTC'),
  acknowledged_by String,
  assigned_to   String,
  resolved_at   Nullable(DateTime64(3, 'UTC')),
  version     UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
ORDER BY (alert_id);

-- 0027_create_notification_rows.sql
-- The outbox and its history: what was to be said to whom about which group, and how each attempt went. Grain: one attempt of one notification.
CREATE TABLE notification_rows ON CLUSTER `firm`
(
  notification_id String,
  group_key    String COMMENT 'the group it speaks of, by its labels',
  group_labels  Map(LowCardinality(String), String),
  channel     LowCardinality(String) COMMENT 'redacted name of the receiver',
  kind      LowCardinality(String) COMMENT 'firing, resolved or repeat',
  firing_ids   Array(String) COMMENT 'alerts it says are firing',
  resolved_ids  Array(String) COMMENT 'alerts it says are resolved',
  attempt     UInt16,
  outcome     LowCardinality(String) COMMENT 'pending, sent, failed or given_up',
  reason     String COMMENT 'why it is said, or how the attempt failed',
  planned_at   DateTime64(3, 'UTC'),
  due_at     DateTime64(3, 'UTC') COMMENT 'when the attempt is to be made; of a given up one, when that was',
  sent_at     Nullable(DateTime64(3, 'UTC')),
  version     UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
ORDER BY (notification_id, attempt);

-- 0028_create_audit_log.sql
-- What people did, by whom and why. Grain: one action. Never rebuilt, never changed.
CREATE TABLE audit_log ON CLUSTER `firm`
(
  at   DateTime64(3, 'UTC'),
  actor String,
  role  LowCardinality(String),
  action LowCardinality(String),
  target String,
  reason String,
  details String COMMENT 'JSON'
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
ORDER BY (at, actor)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- 0029_create_view_spans.sql
-- Public view: spans with hex ids.
CREATE VIEW spans ON CLUSTER `firm` AS
SELECT
  Timestamp,
  lower(hex(TraceId)) AS TraceId,
  lower(hex(SpanId)) AS SpanId,
  if(ParentSpanId = unhex('0000000000000000'), '', lower(hex(ParentSpanId))) AS ParentSpanId,
  SpanName,
  transform(SpanKind, [1, 2, 3, 4, 5], ['Internal', 'Server', 'Client', 'Producer', 'Consumer'], 'Unspecified') AS SpanKind,
  ServiceName,
  Duration,
  transform(StatusCode, [1, 2], ['Ok', 'Error'], 'Unset') AS StatusCode,
  StatusMessage,
  SpanAttributes,
  ResourceAttributes,
  TraceState,
  Flags,
  ScopeName,
  ScopeVersion,
  ScopeAttributes,
  ResourceSchemaUrl,
  ScopeSchemaUrl,
  ResourceDroppedAttrCount,
  ScopeDroppedAttrCount,
  DroppedAttrCount,
  DroppedEventsCount,
  DroppedLinksCount,
  `Events.Timestamp`,
  `Events.Name`,
  `Events.Attributes`,
  `Events.DroppedAttrCount`,
  arrayMap(id -> lower(hex(id)), `Links.TraceId`) AS `Links.TraceId`,
  arrayMap(id -> lower(hex(id)), `Links.SpanId`) AS `Links.SpanId`,
  `Links.TraceState`,
  `Links.Attributes`,
  `Links.DroppedAttrCount`,
  `Links.Flags`,
  correlation_id,
  system,
  source,
  received_at
FROM span_records;

-- 0030_create_view_events.sql
-- Public view: business events, each in its newest version, without withdrawn ones.
CREATE VIEW events ON CLUSTER `firm` AS
SELECT
  event_id, source, system, event_type, occurred_at, received_at, correlation_id, trace_id, objects, amount, currency,
  client, region, legal_entity, billing_model, attributes, outcome, error_category, links, lines, sequence, segment,
  takes_amount
FROM event_versions FINAL
WHERE NOT is_withdrawn;

-- 0031_create_view_objects.sql
-- Public view: every object ever named. What a log says of itself (`billtrail.log`, see collector/imports) is no object.
CREATE VIEW objects ON CLUSTER `firm` AS
SELECT object_key, object_type, system, id, cluster_key, first_seen, attributes, lifecycle_ids, shown_in
FROM object_rows FINAL
WHERE object_type != 'billtrail.log';

-- 0032_create_declared_edges.sql
-- Object-to-object relations that no event proves: declared with an object, or made by a person. Each is stored from both
-- of its ends. Grain: one end of one proof.
CREATE TABLE declared_edges ON CLUSTER `firm`
(
  node    String,
  peer    String,
  direction  Enum8('from' = 1, 'to' = 2) COMMENT 'from: node is the relation''s from_key',
  kind    LowCardinality(String) COMMENT 'same_as, part_of, originates_from, reference',
  qualifier  LowCardinality(String),
  rule    LowCardinality(String),
  confidence LowCardinality(String),
  source   LowCardinality(String),
  proof    String COMMENT 'object::key of the declaration',
  declared_at DateTime64(3, 'UTC'),
  version   UInt64,
  is_deleted UInt8,
  INDEX peers peer TYPE bloom_filter(0.001) GRANULARITY 1
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version, is_deleted)
ORDER BY (node, direction, kind, peer, qualifier, rule, source, proof);

-- 0033_create_view_lifecycles.sql
-- Public view: lifecycles, superseded ones included (they point to their successor).
CREATE VIEW lifecycles ON CLUSTER `firm` AS
SELECT * EXCEPT (failures, told_model, told_places, worths, failed, approvals, invoices, version, is_deleted)
FROM lifecycle_rows FINAL;

-- 0034_create_view_lifecycle_objects.sql
-- Public view: which objects a lifecycle holds.
CREATE VIEW lifecycle_objects ON CLUSTER `firm` AS
SELECT object_key, lifecycle_id, cluster_key, object_type
FROM lifecycle_object_rows FINAL;

-- 0035_create_view_lifecycle_events.sql
-- Public view: which events a lifecycle holds.
CREATE VIEW lifecycle_events ON CLUSTER `firm` AS
SELECT
  lifecycle_id, occurred_at, source, event_id, event_type, system, object_key, milestone, outcome, error_category, amount,
  currency, confidence, correlation_id, trace_id, objects
FROM lifecycle_event_rows FINAL;

-- 0036_create_view_milestones.sql
-- Public view: when each object reached each of its checkpoints.
CREATE VIEW milestones ON CLUSTER `firm` AS
SELECT * EXCEPT (version, is_deleted)
FROM milestone_rows FINAL;

-- 0037_create_view_unmatched_events.sql
-- Public view: events that lead to no lifecycle yet, with their age.
CREATE VIEW unmatched_events ON CLUSTER `firm` AS
SELECT source, event_id, event_type, occurred_at, received_at, dateDiff('millisecond', received_at, now64(3, 'UTC')) AS age_ms
FROM unmatched_event_rows FINAL;

-- 0038_create_view_sla_clocks.sql
-- Public view: the newest verdict on every clock.
CREATE VIEW sla_clocks ON CLUSTER `firm` AS
SELECT *
FROM clock_verdicts FINAL
ORDER BY known_at DESC
LIMIT 1 BY sla, lifecycle_id, subject_key;

-- 0039_create_view_sla_reports.sql
-- Public view: per SLA and calendar month of the due time, how many promises were kept.
CREATE VIEW sla_reports ON CLUSTER `firm` AS
SELECT
  sla,
  toStartOfMonth(due_at) AS month,
  region,
  legal_entity,
  countIf(state = 'met') AS met,
  countIf(state IN ('missed', 'breached')) AS late,
  countIf(state IN ('running', 'at_risk', 'paused')) AS open,
  countIf(state = 'unknown') AS unknown,
  if(met + late = 0, NULL, met / (met + late)) AS attainment_ratio,
  sumIf(value_at_risk, state = 'breached') AS value_at_risk
FROM sla_clocks
GROUP BY sla, month, region, legal_entity;

-- 0040_create_view_findings.sql
-- Public view: what the detectors found.
CREATE VIEW findings ON CLUSTER `firm` AS
SELECT detector, lifecycle_id, subject_key, severity, amount, currency, owner, evidence, runbook, first_seen_at, resolved_at
FROM finding_rows FINAL;

-- 0041_create_view_alerts.sql
-- Public view: alerts.
CREATE VIEW alerts ON CLUSTER `firm` AS
SELECT * EXCEPT (version)
FROM alert_rows FINAL;

-- 0042_create_view_notifications.sql
-- Public view: one message about one alert to one receiver, each attempt. A message about a group has a row for each of its alerts.
CREATE VIEW notifications ON CLUSTER `firm` AS
SELECT
  arrayJoin(arrayConcat(firing_ids, resolved_ids)) AS alert_id,
  channel, attempt, outcome, reason, sent_at, kind, notification_id, group_key, planned_at, due_at
FROM notification_rows FINAL;

-- 0043_create_view_dead_letters.sql
-- Public view: what could not be used.
CREATE VIEW dead_letters ON CLUSTER `firm` AS
SELECT dead_letter_id, door, source, reason, detail, received_at, body, replayed_at
FROM dead_letter_rows FINAL;

-- 0044_create_view_source_health.sql
-- Public view: when each source was last heard of.
CREATE VIEW source_health ON CLUSTER `firm` AS
SELECT
  source,
  argMax(e.system, e.received_at) AS system,
  max(e.occurred_at) AS last_occurred_at,
  max(e.received_at) AS last_received_at,
  last_occurred_at AS watermark,
  dateDiff('millisecond', last_received_at, now64(3, 'UTC')) AS lag_ms,
  if(lag_ms > 86400000, 'silent', 'live') AS state
FROM event_versions AS e
GROUP BY source;

-- 0045_create_clock_rows.sql
-- The newest verdict on every clock: what the judge compares with and the pages read. Grain: one clock.
CREATE TABLE clock_rows ON CLUSTER `firm`
(
  sla         LowCardinality(String),
  lifecycle_id    String CODEC(ZSTD(1)),
  subject_key     String CODEC(ZSTD(1)),
  known_at      DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  state        LowCardinality(String) COMMENT 'running at_risk breached met missed paused cancelled unknown',
  reason       LowCardinality(String) COMMENT 'why this state',
  calendar      LowCardinality(String),
  started_at     DateTime64(3, 'UTC'),
  at_risk_at     DateTime64(3, 'UTC'),
  at_risk_by     LowCardinality(String) COMMENT 'what sets at_risk_at: time_used or history',
  due_at       DateTime64(3, 'UTC'),
  stopped_at     Nullable(DateTime64(3, 'UTC')),
  elapsed_business_ms Int64 COMMENT 'up to the stop, or to known_at',
  paused_ms      Int64,
  value_at_risk    Decimal(18, 2),
  currency      LowCardinality(String),
  owner        String,
  client       LowCardinality(String),
  region       LowCardinality(String),
  legal_entity    LowCardinality(String),
  billing_model    LowCardinality(String)
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', known_at)
ORDER BY (lifecycle_id, sla, subject_key);

-- 0046_create_clock_rows_view.sql
-- Keeps the newest verdict of every clock at hand as verdicts are written.
CREATE MATERIALIZED VIEW clock_rows_from_verdicts ON CLUSTER `firm` TO clock_rows AS
SELECT * FROM clock_verdicts;

-- 0047_replace_view_sla_clocks.sql
-- Public view: the newest verdict on every clock.
CREATE OR REPLACE VIEW sla_clocks ON CLUSTER `firm` AS
SELECT * FROM clock_rows FINAL;

-- 0048_create_sla_objective_rows.sql
-- What is wanted of each SLA or group of SLAs, in every version it had. Grain: one version of one objective.
CREATE TABLE sla_objective_rows ON CLUSTER `firm`
(
  sla        LowCardinality(String) COMMENT 'a composite has a name of its own',
  version      UInt64 COMMENT 'when it was put in force, in milliseconds',
  display_name    String,
  components     Array(Tuple(sla String, weight Float64, slice_ms Int64, slice_target_ratio Float64)) COMMENT 'one: the SLA itself; slices are 0 where promises are counted',
  target_ratio    Float64,
  method       LowCardinality(String) COMMENT 'Occurrences, Timeslices or RatioTimeslices',
  window_length   LowCardinality(String) COMMENT 'such as 28d or 1M',
  window_anchor   String COMMENT 'local start of a period, empty for a rolling window',
  window_zone    LowCardinality(String),
  window_pattern   LowCardinality(String) COMMENT 'fiscal weeks of the months of a quarter, such as 4-4-5 nearest; or empty',
  burn_windows    LowCardinality(String),
  severity      LowCardinality(String),
  owner       String,
  runbook      String,
  is_deleted     UInt8
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
ORDER BY (sla, version);

-- 0049_create_sla_budget_rows.sql
-- How much of each error budget was left, whenever that changed. Grain: one statement on one budget.
CREATE TABLE sla_budget_rows ON CLUSTER `firm`
(
  sla       LowCardinality(String),
  known_at     DateTime64(3, 'UTC'),
  starts_at    DateTime64(3, 'UTC') COMMENT 'of the window',
  ends_at     DateTime64(3, 'UTC') COMMENT 'of the window; a rolling one ends with known_at',
  target_ratio   Float64,
  state      LowCardinality(String) COMMENT 'within, spent, too_few or nothing_decided',
  promises     UInt64 COMMENT 'decided in the window',
  good       Float64 COMMENT 'promises, or slices of time',
  bad       Float64,
  allowed     Float64 COMMENT 'bad ones the target allows',
  attainment_ratio Nullable(Float64),
  likely_low    Float64 COMMENT 'Wilson interval of the attainment, 95 percent',
  likely_high   Float64,
  remaining_ratio Float64 COMMENT '1 untouched, 0 spent, below 0 overdrawn'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
ORDER BY (sla, known_at);

-- 0050_create_sla_burn_rows.sql
-- How fast each budget burned, whenever an alert on it changed its mind. Grain: one statement on one alert.
CREATE TABLE sla_burn_rows ON CLUSTER `firm`
(
  sla    LowCardinality(String),
  long_ms  Int64 COMMENT 'the window that says it matters',
  short_ms  Int64 COMMENT 'the window that says it goes on',
  known_at  DateTime64(3, 'UTC'),
  severity  LowCardinality(String),
  state   LowCardinality(String) COMMENT 'burning, slow, no_longer or too_few',
  long_rate Float64 COMMENT '1: the budget lasts exactly its window',
  short_rate Float64,
  threshold Float64 COMMENT 'the rate from which it fires',
  promises  UInt64 COMMENT 'decided in the long window',
  bad    Float64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
ORDER BY (sla, long_ms, short_ms, known_at);

-- 0051_create_view_sla_budgets.sql
-- Public view: what is left of each error budget.
CREATE VIEW sla_budgets ON CLUSTER `firm` AS
SELECT * FROM sla_budget_rows FINAL
ORDER BY known_at DESC
LIMIT 1 BY sla;

-- 0052_create_view_sla_burns.sql
-- Public view: which error budgets burn.
CREATE VIEW sla_burns ON CLUSTER `firm` AS
SELECT * FROM sla_burn_rows FINAL
ORDER BY known_at DESC
LIMIT 1 BY sla, long_ms, short_ms;

-- 0053_create_sla_exclusions.sql
-- Stretches of time that count for no promise, with who said so and why. Grain: one exclusion.
CREATE TABLE sla_exclusions ON CLUSTER `firm`
(
  exclusion   LowCardinality(String),
  starts_at   DateTime64(3, 'UTC'),
  ends_at    DateTime64(3, 'UTC'),
  reason     String,
  decided_by   String,
  origin     LowCardinality(String) COMMENT 'file or command: who may take it back',
  slas      Array(String) COMMENT 'empty: every SLA',
  legal_entities Array(String) COMMENT 'empty: every legal entity',
  regions    Array(String) COMMENT 'empty: every region',
  version    UInt64,
  is_deleted   UInt8
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version, is_deleted)
ORDER BY (exclusion);

-- 0054_create_calendar_closes.sql
-- Finance-close periods of the calendars: a clock that starts in one has the tighter promise. Grain: one period.
CREATE TABLE calendar_closes ON CLUSTER `firm`
(
  calendar  LowCardinality(String),
  starts_at DateTime64(3, 'UTC'),
  ends_at  DateTime64(3, 'UTC'),
  version  UInt64,
  is_deleted UInt8
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version, is_deleted)
ORDER BY (calendar, starts_at);

-- 0055_alter_sla_definitions.sql
-- What a promise may take when it starts in a finance-close period.
ALTER TABLE sla_definitions ON CLUSTER `firm`
  ADD COLUMN IF NOT EXISTS close_duration_ms Int64 DEFAULT 0 COMMENT 'in a finance-close period, 0: as ever' AFTER duration_ms;

-- 0056_create_source_tallies.sql
-- What became of the messages of each source, segment by segment. Grain: (source, folder, segment, stretch of it).
CREATE TABLE source_tallies ON CLUSTER `firm`
(
  source      LowCardinality(String) COMMENT 'as its events say it',
  mapped_by    LowCardinality(String) COMMENT 'the folder of the source, empty for canonical events',
  segment     UInt64 CODEC(Delta, ZSTD(1)),
  first      UInt64 COMMENT 'where the stretch begins: frame * 2^32 + item',
  system      LowCardinality(String),
  events      UInt64 COMMENT 'events told, new or not',
  ignored     UInt64 COMMENT 'messages that are known and mean nothing',
  rejected     UInt64 COMMENT 'messages that became dead letters',
  last_received_at DateTime64(3, 'UTC')
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
ORDER BY (source, mapped_by, segment, first)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- 0057_create_pull_cursors.sql
-- How far each pulled stream of a source was read. Grain: one stream. Written after what was read is durable.
CREATE TABLE pull_cursors ON CLUSTER `firm`
(
  source  LowCardinality(String),
  stream  LowCardinality(String) COMMENT 'name under pull; with a topic, name/topic',
  position String COMMENT 'as the vendor gave it; bytes in base64',
  at    DateTime64(3, 'UTC'),
  version UInt64 COMMENT 'nanoseconds of the writing'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
ORDER BY (source, stream)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- 0058_create_source_gap_rows.sql
-- What a source may have said and nobody heard: stretches of time lost, records to be read again. Grain: one gap.
CREATE TABLE source_gap_rows ON CLUSTER `firm`
(
  source   LowCardinality(String),
  stream   LowCardinality(String),
  gap_id   String COMMENT 'the same for the same gap noticed again',
  reason   LowCardinality(String) COMMENT 'retention, position_lost, record, overflow',
  record   String COMMENT 'type and id of the record to be read again; empty for a stretch of time',
  since    Nullable(DateTime64(3, 'UTC')),
  until    Nullable(DateTime64(3, 'UTC')),
  detail   String,
  noticed_at DateTime64(3, 'UTC'),
  resolved_at Nullable(DateTime64(3, 'UTC')),
  version   UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)
ORDER BY (source, stream, gap_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- 0059_create_view_source_gaps.sql
-- Public view: what a source may have said and nobody heard. Open while resolved_at is null.
CREATE VIEW source_gaps ON CLUSTER `firm` AS
SELECT source, stream, gap_id, reason, record, since, until, detail, noticed_at, resolved_at
FROM source_gap_rows FINAL;

-- 0060_create_sla_predictions.sql
-- From how much used time on a promise is more likely late than kept, by the history of its SLA. Grain: one statement on one SLA.
CREATE TABLE sla_predictions ON CLUSTER `firm`
(
  sla       LowCardinality(String),
  known_at     DateTime64(3, 'UTC'),
  history_until  DateTime64(3, 'UTC') COMMENT 'promises that came due before were looked at',
  at_risk_after_ms Int64 COMMENT 'open time; 0: nothing is predicted',
  sample      UInt64 COMMENT 'promises that took at least as long',
  kept       UInt64 COMMENT 'of those, kept in time'
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
ORDER BY (sla, known_at);

-- 0061_create_source_expectations.sql
-- The longest silence of a source that is ordinary, as its folder or the settings say. Grain: one source.
CREATE TABLE source_expectations ON CLUSTER `firm`
(
  source   LowCardinality(String) COMMENT 'as its events say it',
  expected_ms UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
ORDER BY (source)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- 0062_replace_view_source_health.sql
-- Public view: when each source was last heard of, since when it is silent, and what became of its messages. Where
-- nobody says how long a silence is ordinary, a day is. `silent_at` depends on no clock: whoever judges as of another
-- moment compares with that. `events` counts each once; `open_gaps` what it may have said and nobody heard.
CREATE OR REPLACE VIEW source_health ON CLUSTER `firm` AS
SELECT
  t.source AS source,
  t.system AS system,
  t.last_occurred_at AS last_occurred_at,
  t.last_received_at AS last_received_at,
  t.last_occurred_at AS watermark,
  dateDiff('millisecond', t.last_received_at, now64(3, 'UTC')) AS lag_ms,
  if(lag_ms > expected_ms, 'silent', 'live') AS state,
  if(x.expected_ms = 0, 86400000, x.expected_ms) AS expected_ms,
  t.last_received_at + toIntervalMillisecond(expected_ms) AS silent_at,
  if(state = 'silent', toNullable(silent_at), NULL) AS silent_since,
  t.events AS events,
  t.ignored AS ignored,
  t.rejected AS rejected,
  g.open_gaps AS open_gaps
FROM
(
  SELECT
    source,
    argMaxIf(system, received_at, system != '') AS system,
    max(occurred_at) AS last_occurred_at,
    max(received_at) AS last_received_at,
    sum(events) AS events,
    sum(ignored) AS ignored,
    sum(rejected) AS rejected
  FROM
  (
    SELECT source, system, occurred_at, received_at, toUInt64(revision = 0) AS events, 0 AS ignored, 0 AS rejected
    FROM event_versions
    UNION ALL
    SELECT source, system, toDateTime64(0, 3, 'UTC'), last_received_at, 0, ignored, rejected
    FROM source_tallies FINAL
  )
  GROUP BY source
) AS t
LEFT JOIN (SELECT source, expected_ms FROM source_expectations FINAL) AS x ON x.source = t.source
LEFT JOIN
(
  SELECT concat('/', source) AS source, count() AS open_gaps FROM source_gaps WHERE isNull(resolved_at) GROUP BY source
) AS g ON g.source = t.source;

-- 0063_create_run_lifecycles.sql
-- Which lifecycles have an event of a run. A row may be out of date when events have moved: it is a hint where to look.
-- Grain: one run in one lifecycle.
CREATE TABLE run_lifecycles ON CLUSTER `firm`
(
  run     UInt64 COMMENT 'cityHash64 of correlation_id::x or trace::x',
  lifecycle_id String
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
ORDER BY (run, lifecycle_id)
SETTINGS index_granularity = 512;

-- 0064_create_run_lifecycles_view.sql
-- Fills run_lifecycles as events come into lifecycles through their objects.
CREATE MATERIALIZED VIEW run_lifecycles_from_events ON CLUSTER `firm` TO run_lifecycles AS
SELECT DISTINCT
  arrayJoin(arrayFilter(r -> r != 0, [
    if(correlation_id = '', 0, cityHash64(concat('correlation_id::', correlation_id))),
    if(trace_id = '', 0, cityHash64(concat('trace::', trace_id)))])) AS run,
  lifecycle_id
FROM lifecycle_event_rows
WHERE is_deleted = 0 AND confidence = 'declared';

-- 0065_create_pending_lifecycles.sql
-- The lifecycles that a step of correlation is about to write: noted first, so that a step that was interrupted finds them
-- again whatever it had already changed. Grain: one lifecycle of one step.
CREATE TABLE pending_lifecycles ON CLUSTER `firm`
(
  lifecycle_id String,
  version   UInt64
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
ORDER BY (version, lifecycle_id);

-- 0066_create_people_links.sql
-- What people decided about two objects: that one belongs to the other, that both are one, or that they do not belong
-- together. Not derived from anything: a rebuild keeps it. Grain: one pair of objects.
CREATE TABLE people_links ON CLUSTER `firm`
(
  from_key  String,
  to_key   String,
  decision  LowCardinality(String) COMMENT 'link, merge or unlink',
  kind    LowCardinality(String) COMMENT 'of a link: part_of, same_as or originates_from',
  reason   String,
  decided_by String,
  decided_at DateTime64(3, 'UTC'),
  version  UInt64,
  is_deleted UInt8
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version, is_deleted)
ORDER BY (from_key, to_key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- 0067_create_view_relations.sql
-- Public view: object-to-object relations, each once, with the rule it follows and its earliest proof; what a person has
-- parted is not among them. Beside them each event that names nothing that glues, by what ties it to a lifecycle: the tie is
-- written correlation_id::x or trace::x, its kind is `correlated`, and it leads to the lifecycle's root.
CREATE VIEW relations ON CLUSTER `firm` AS
SELECT from_key, to_key, kind, qualifier, rule, confidence, event_id
FROM
(
  SELECT from_key, to_key, kind, qualifier, rule, 'declared' AS confidence, event_id
  FROM relation_rows FINAL
  UNION ALL
  SELECT
    node AS from_key, peer AS to_key, kind, qualifier, rule, confidence,
    tupleElement(min((d.declared_at, d.source, d.proof)), 3) AS event_id
  FROM declared_edges AS d FINAL
  WHERE direction = 'from'
  GROUP BY node, peer, kind, qualifier, rule, confidence
  UNION ALL
  SELECT
    multiIf(e.confidence = 'trace', concat('trace::', e.trace_id), e.confidence = 'correlation_id', concat('correlation_id::', e.correlation_id), '') AS from_key,
    e.lifecycle_id AS to_key, toLowCardinality('correlated') AS kind, toLowCardinality('') AS qualifier,
    toLowCardinality(e.confidence = 'trace' ? 'same-trace' : 'same-correlation-id') AS rule, e.confidence AS confidence, e.event_id AS event_id
  FROM lifecycle_event_rows AS e FINAL
  WHERE e.confidence != 'declared'
)
WHERE (from_key, to_key) NOT IN
(
  SELECT arrayJoin([(from_key, to_key), (to_key, from_key)]) FROM people_links FINAL WHERE decision = 'unlink'
);

-- 0068_create_view_conformance.sql
-- Public view: how each lifecycle fares against its journey. Grain: one milestone of one lifecycle, in the journey's order.
-- `state` is the worst that holds for any object: late (a clock that waits for this step is breached), failed (tried, and
-- not done since), extra (reached again though it does not repeat, or though the billing model does not know it),
-- out_of_order (reached before what the journey wants `after`: object by object where both are of one type, else by when the
-- lifecycle first reached them), skipped, pending, done, not_applicable. The counts beside it say how many objects each is true of.
-- `progress` is what lifecycles.milestone_states says. Cost: with a lifecycle_id, its own rows; without, all of them once.
CREATE VIEW conformance ON CLUSTER `firm` AS
WITH
  arrayFilter(c -> NOT has(r.done, c.1), w.clocks) AS waiting,
  steps AS (SELECT * FROM journey_milestones FINAL),
  reached AS
  (
    SELECT
      lifecycle_id, toString(milestone) AS milestone, groupArrayIf(cityHash64(subject_key), outcome != 'failure') AS done,
      countIf(outcome = 'failure') AS failed, sum(attempts) AS attempts, sum(amount) AS amount,
      minIf(reached_at, outcome != 'failure') AS first_at, maxIf(reached_at, outcome != 'failure') AS last_at
    FROM milestone_rows FINAL
    GROUP BY lifecycle_id, milestone
  ),
  awaited AS
  (
    SELECT c.lifecycle_id AS lifecycle_id, arrayJoin(d.stop_milestones) AS milestone,
      groupArray((cityHash64(c.subject_key), c.state = 'breached', c.due_at)) AS clocks
    FROM (SELECT * FROM clock_rows FINAL WHERE isNull(stopped_at) AND state != 'cancelled') AS c
    INNER JOIN (SELECT sla, stop_milestones FROM sla_definitions FINAL) AS d ON d.sla = c.sla
    GROUP BY lifecycle_id, milestone
  ),
  told AS
  (
    SELECT lifecycle_id, toString(milestone) AS milestone, count() AS times
    FROM lifecycle_event_rows FINAL
    WHERE milestone != '' AND outcome != 'failure'
    GROUP BY lifecycle_id, milestone
  ),
  compared AS
  (
    SELECT journey, later, earlier, is_of_object, arrayJoin([(later, true), (earlier, false)]) AS side, side.1 AS milestone, side.2 AS is_later
    FROM
    (
      SELECT s.journey AS journey, s.later AS later, s.earlier AS earlier, s.object_type = e.object_type AS is_of_object
      FROM (SELECT journey, toString(milestone) AS later, object_type, arrayJoin(after) AS earlier FROM steps) AS s
      INNER JOIN (SELECT journey, toString(milestone) AS milestone, object_type FROM steps) AS e ON e.journey = s.journey AND e.milestone = s.earlier
    )
  ),
  early AS
  (
    SELECT journey, lifecycle_id, later AS milestone, uniqExact(subject) AS objects
    FROM
    (
      SELECT c.journey AS journey, m.lifecycle_id AS lifecycle_id, c.later AS later, c.earlier AS earlier,
        c.is_of_object ? m.subject_key : '' AS subject
      FROM (SELECT lifecycle_id, toString(milestone) AS milestone, subject_key, reached_at FROM milestone_rows FINAL WHERE outcome != 'failure') AS m
      INNER JOIN compared AS c ON c.milestone = m.milestone
      GROUP BY journey, lifecycle_id, later, earlier, subject
      HAVING max(c.is_later) AND max(NOT c.is_later) AND minIf(m.reached_at, c.is_later) < minIf(m.reached_at, NOT c.is_later)
    )
    GROUP BY journey, lifecycle_id, milestone
  )
SELECT
  l.lifecycle_id AS lifecycle_id, l.journey AS journey, toString(j.milestone) AS milestone, j.position AS position,
  multiIf(late > 0, 'late', failed > 0, 'failed', extra > 0, 'extra', out_of_order > 0, 'out_of_order', progress = '', 'pending', progress) AS state,
  l.milestone_states[milestone] AS progress,
  notEmpty(r.done) ? toNullable(r.first_at) : NULL AS reached_at,
  notEmpty(r.done) ? toNullable(r.last_at) : NULL AS last_reached_at,
  length(r.done) AS subjects,
  r.attempts AS attempts,
  r.failed AS failed,
  arrayCount(c -> c.2, waiting) AS late,
  o.objects AS out_of_order,
  toUInt64(multiIf(notEmpty(j.billing_models) AND l.billing_model != '' AND NOT has(j.billing_models, l.billing_model), toInt64(t.times), j.is_repeatable, 0, greatest(toInt64(t.times) - 1, 0))) AS extra,
  empty(waiting) ? NULL : toNullable(arrayMin(c -> c.3, waiting)) AS due_at,
  r.amount AS amount, l.currency AS currency, j.object_type AS object_type, j.is_optional AS is_optional, j.owner AS owner
FROM (SELECT lifecycle_id, journey, billing_model, currency, milestone_states FROM lifecycle_rows FINAL) AS l
INNER JOIN steps AS j ON j.journey = l.journey
LEFT JOIN reached AS r ON r.lifecycle_id = l.lifecycle_id AND r.milestone = j.milestone
LEFT JOIN awaited AS w ON w.lifecycle_id = l.lifecycle_id AND w.milestone = j.milestone
LEFT JOIN told AS t ON t.lifecycle_id = l.lifecycle_id AND t.milestone = j.milestone
LEFT JOIN early AS o ON o.lifecycle_id = l.lifecycle_id AND o.journey = l.journey AND o.milestone = j.milestone;

-- 0069_create_view_variants.sql
-- Public view: the ways lifecycles take: which milestones they reached, in the order in which each was first reached (by the
-- journey's order where two were at one instant). Superseded lifecycles are left out. Grain: one way of one journey.
-- `share` is its part of the journey's lifecycles; `median_ms` from the first milestone to the last; `example` the lifecycle that was
-- last heard of. Cost: one pass over lifecycles: their milestones are sorted as numbers, and named again once per way.
CREATE VIEW variants ON CLUSTER `firm` AS
WITH
  (SELECT groupArray(milestone) FROM (SELECT toString(milestone) AS milestone FROM journey_milestones FINAL ORDER BY journey, position)) AS names,
  arrayEnumerate(names) AS places,
  arrayMap(place -> names[place], arrayFilter(place -> place != 0, w.steps)) AS path
SELECT
  toString(w.journey) AS journey, hex(cityHash64(path)) AS variant, path,
  w.lifecycles AS lifecycles, w.lifecycles / sum(w.lifecycles) OVER (PARTITION BY w.journey) AS share, w.median_ms AS median_ms, w.example AS example
FROM
(
  SELECT
    journey, steps, count() AS lifecycles, toInt64(quantileExact(0.5)(took_ms)) AS median_ms,
    argMax(lifecycle_id, (last_event_at, lifecycle_id)) AS example
  FROM
  (
    SELECT
      lifecycle_id, journey, last_event_at, mapValues(milestones) AS instants,
      arrayMap(at -> bitAnd(at, 1023), arraySort(arrayMap((name, at) -> toUnixTimestamp64Milli(at) * 1024 + transform(name, names, places, 0),
        mapKeys(milestones), instants))) AS steps,
      dateDiff('millisecond', arrayMin(instants), arrayMax(instants)) AS took_ms
    FROM lifecycle_rows FINAL
    WHERE state != 'superseded' AND notEmpty(milestones)
  )
  GROUP BY journey, steps
) AS w;

-- 0070_create_span_error_rows.sql
-- The failed spans, with what they say of the failure by OpenTelemetry's semantic conventions, old names and new.
-- Grain: one failed span.
CREATE TABLE span_error_rows ON CLUSTER `firm`
(
  trace_id     String CODEC(ZSTD(1)) COMMENT 'hex',
  span_id      String CODEC(ZSTD(1)) COMMENT 'hex',
  parent_span_id  String CODEC(ZSTD(1)) COMMENT 'hex, empty: none',
  started_at    DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  system      LowCardinality(String),
  service      LowCardinality(String),
  name       LowCardinality(String),
  correlation_id  String CODEC(ZSTD(1)),
  object_keys    Array(String) CODEC(ZSTD(1)),
  told_category   LowCardinality(String) COMMENT 'billtrail.error_category',
  error_type    String CODEC(ZSTD(1)) COMMENT 'error.type',
  http_status    String CODEC(ZSTD(1)) COMMENT 'http.response.status_code, http.status_code',
  rpc_status    String CODEC(ZSTD(1)) COMMENT 'rpc.response.status_code, rpc.grpc.status_code',
  exception_type  String CODEC(ZSTD(1)) COMMENT 'of its last exception event',
  exception_message String CODEC(ZSTD(1)),
  message      String CODEC(ZSTD(1)) COMMENT 'of its status',
  segment      UInt64 CODEC(Delta, ZSTD(1))
)
ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', segment)
ORDER BY (trace_id, span_id)

SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1, fsync_part_directory = 1;

-- 0071_create_span_error_rows_view.sql
-- Fills span_error_rows as spans are loaded.
CREATE MATERIALIZED VIEW span_errors_from_spans ON CLUSTER `firm` TO span_error_rows AS
WITH
  mapFilter((k, v) -> startsWith(k, 'billtrail.object.') AND v != '', SpanAttributes) AS named,
  arrayLast((e, n) -> n = 'exception', `Events.Attributes`, `Events.Name`) AS exception
SELECT
  lower(hex(TraceId)) AS trace_id,
  lower(hex(SpanId)) AS span_id,
  if(ParentSpanId = unhex('0000000000000000'), '', lower(hex(ParentSpanId))) AS parent_span_id,
  toDateTime64(Timestamp, 3, 'UTC') AS started_at,
  system,
  ServiceName AS service,
  SpanName AS name,
  correlation_id,
  arrayDistinct(arrayFlatten(arrayMap(
    (k, v) -> arrayMap(
      id -> length(splitByChar(':', id)) >= 3 ? id : concat(system, ':', substring(k, 18), ':', id),
      startsWith(v, '[') ? JSONExtract(v, 'Array(String)') : [v]),
    mapKeys(named), mapValues(named)))) AS object_keys,
  SpanAttributes['billtrail.error_category'] AS told_category,
  SpanAttributes['error.type'] AS error_type,
  if(SpanAttributes['http.response.status_code'] != '', SpanAttributes['http.response.status_code'], SpanAttributes['http.status_code']) AS http_status,
  if(SpanAttributes['rpc.response.status_code'] != '', SpanAttributes['rpc.response.status_code'], SpanAttributes['rpc.grpc.status_code']) AS rpc_status,
  exception['exception.type'] AS exception_type,
  exception['exception.message'] AS exception_message,
  StatusMessage AS message,
  segment
FROM span_records
WHERE StatusCode = 2;

-- 0072_create_view_error_rules.sql
-- Public view: how a failed span is classified: the first rule, by position, whose pattern fits what the span says under that
-- signal, wins; where none does, the category is other. A pattern is a regular expression over lower-case text. What the
-- sender says itself (billtrail.error_category) goes before all rules. Grain: one rule. `source`: where it is written what the code or word means.
CREATE VIEW error_rules ON CLUSTER `firm` AS
SELECT * FROM VALUES('position UInt16, signal String, pattern String, category String, source String',
  (10, 'http_status', '^(401|403)$', 'auth', 'RFC 9110 15.5.2, 15.5.4'),
  (11, 'http_status', '^(404|410)$', 'not_found', 'RFC 9110 15.5.5, 15.5.11'),
  (12, 'http_status', '^(408|504)$', 'timeout', 'RFC 9110 15.5.9, 15.6.5'),
  (13, 'http_status', '^409$', 'duplicate', 'RFC 9110 15.5.10: conflict with the present state of the record'),
  (14, 'http_status', '^429$', 'rate_limit', 'RFC 6585 4'),
  (15, 'http_status', '^(400|422)$', 'validation', 'RFC 9110 15.5.1, 15.5.21'),
  (16, 'http_status', '^5..$', 'unavailable', 'RFC 9110 15.6'),
  (20, 'rpc_status', '^(4|deadline_exceeded)$', 'timeout', 'gRPC status codes'),
  (21, 'rpc_status', '^(8|resource_exhausted)$', 'rate_limit', 'gRPC status codes'),
  (22, 'rpc_status', '^(7|16|permission_denied|unauthenticated)$', 'auth', 'gRPC status codes'),
  (23, 'rpc_status', '^(3|9|11|invalid_argument|failed_precondition|out_of_range)$', 'validation', 'gRPC status codes'),
  (24, 'rpc_status', '^(6|already_exists)$', 'duplicate', 'gRPC status codes'),
  (25, 'rpc_status', '^(5|not_found)$', 'not_found', 'gRPC status codes'),
  (26, 'rpc_status', '^(12|14|unimplemented|unavailable)$', 'unavailable', 'gRPC status codes'),
  (30, 'type', 'timeout|timedout|deadline', 'timeout', 'error.type "timeout"; java.net.SocketTimeoutException; httpx.ReadTimeout'),
  (31, 'type', 'ratelimit|rate_limit|toomanyrequests|throttl|limitexceeded|request_limit', 'rate_limit', 'ThrottlingException; Salesforce REQUEST_LIMIT_EXCEEDED; NetSuite SSS_REQUEST_LIMIT_EXCEEDED'),
  (32, 'type', 'unauthori|unauthenticated|forbidden|authentication|permission|accessdenied|invalid_session|invalid_grant|certificate', 'auth', 'error.type "server_certificate_invalid"; Salesforce INVALID_SESSION_ID; RFC 6749 5.2 invalid_grant'),
  (33, 'type', 'duplicate|alreadyexists|uniqueviolation|integrityerror|conflict|dup_rcrd|23505', 'duplicate', 'Salesforce DUPLICATE_VALUE; NetSuite DUP_RCRD; SQLSTATE 23505 unique_violation'),
  (34, 'type', 'mapping|crosswalk|keyerror|lookuperror|indexerror|nosuchelement|missingreference', 'mapping', 'a value that has no counterpart: Python LookupError; java.util.NoSuchElementException'),
  (35, 'type', 'notfound|not_found|doesnotexist|nosuchkey|rcrd_dsnt_exist', 'not_found', 'Django DoesNotExist; NetSuite RCRD_DSNT_EXIST; AWS NoSuchKey'),
  (36, 'type', 'validation|valueerror|illegalargument|badrequest|decodeerror|parseerror|invaliddata|invalid_field|required_field', 'validation', 'pydantic ValidationError; java.lang.IllegalArgumentException; Salesforce REQUIRED_FIELD_MISSING'),
  (37, 'type', 'connect|unknownhost|unreachable|unavailable|transporterror|brokenpipe|socket|gaierror|remoteprotocol|networkerror', 'unavailable', 'java.net.ConnectException, UnknownHostException; Python ConnectionError; httpx.TransportError'),
  (40, 'message', 'timed out|timeout|time-out|did not answer|deadline exceeded', 'timeout', 'words of POSIX ETIMEDOUT and of gRPC'),
  (41, 'message', 'too many requests|rate limit|limit exceeded|throttled|quota', 'rate_limit', 'reason phrase of RFC 6585 4'),
  (42, 'message', 'unauthorized|unauthorised|forbidden|permission denied|access denied|invalid credentials|token expired|certificate', 'auth', 'reason phrases of RFC 9110 15.5.2, 15.5.4'),
  (43, 'message', 'duplicate|already exists|unique constraint', 'duplicate', 'words of SQLSTATE 23505'),
  (44, 'message', 'no mapping|not mapped|no counterpart|unmapped|crosswalk|is unknown to|unknown code', 'mapping', 'words of integrations about a value without a counterpart'),
  (45, 'message', 'not found|does not exist|no such', 'not_found', 'reason phrase of RFC 9110 15.5.5'),
  (46, 'message', 'invalid|is required|must be|must not|malformed|failed validation|out of range', 'validation', 'words of validators'),
  (47, 'message', 'unavailable|connection refused|connection reset|unreachable|name resolution|bad gateway|broken pipe', 'unavailable', 'words of POSIX ECONNREFUSED, ECONNRESET; reason phrases of RFC 9110 15.6')
);

-- 0073_create_view_span_errors.sql
-- Public view: failed spans, classified, in the lifecycles they belong to, at the step they broke. Grain: one failed span in one
-- lifecycle. A span belongs by the objects that it, or the span around it, names; else by its correlation id, else by its
-- trace, where events of those are; else by the objects that any span of its trace names. `confidence` says by which.
-- `milestone`, the first of these that there is: what an event of the same run tried in that lifecycle and failed, the nearest in
-- time; the next step after those its objects had reached by then, in the system that its name, or that of the span around
-- it, speaks of; what an event of the run and of the span's own system reached; such a next step in its own system, if it is
-- not optional; what is known of another failed span of its trace; what any event of the run reached. Else it is empty.
-- Cost: lookups for every failed span, and the rows of the lifecycles that hold them, or of the one that is asked for.
CREATE VIEW span_errors ON CLUSTER `firm` AS
WITH
  arrayMax(s -> has(a.reached, s.1) ? s.4 : 0, j.steps) AS furthest,
  arrayFilter(
    s -> s.4 > furthest AND (empty(s.5) OR has(s.5, l.billing_model)) AND arrayExists(k -> has(s.2, splitByChar(':', k)[2]), a.object_keys),
    j.steps) AS ahead,
  arrayFirst(s -> hasAny(s.3, a.words), ahead).1 AS spoken_of,
  multiIf(a.refused != '', a.refused, spoken_of != '', spoken_of, a.told != '', a.told, arrayFirst(s -> has(s.3, toString(a.system)) AND NOT s.6, ahead).1) AS own,
  argMaxIf(own, a.at, own != '') OVER (PARTITION BY a.lifecycle_id, a.trace_id) AS beside,
  map('http_status', http_status, 'rpc_status', lower(a.rpc_status), 'type', lower(concat(a.own_type, ' ', a.exception_type)),
    'message', lowerUTF8(concat(a.status_message, ' ', a.exception_message))) AS said,
  arrayFirst(r -> match(said[r.1], r.2), arrayFilter(r -> said[r.1] NOT IN ('', ' '), rules)).3 AS found,
  (correlation_id, trace_id) -> [
    if(correlation_id = '', 0, cityHash64(concat('correlation_id::', correlation_id))),
    if(trace_id = '', 0, cityHash64(concat('trace::', trace_id)))] AS runs_of,
  (one, other) -> abs(dateDiff('millisecond', one, other)) AS away_ms,
  (SELECT groupArray((signal, pattern, category)) FROM (SELECT * FROM error_rules ORDER BY position)) AS rules,
  ['timeout', 'rate_limit', 'auth', 'validation', 'mapping', 'duplicate', 'not_found', 'unavailable', 'other'] AS categories,
  failed AS
  (
    SELECT
      e.*, notEmpty(e.object_keys) ? e.object_keys : up.up_keys AS around, up.up_name AS up_name,
      arrayFilter(k -> k IN
      (
        SELECT object_key FROM object_rows
        WHERE notEmpty(lifecycle_ids) AND object_key IN (SELECT arrayJoin(object_keys) FROM span_error_rows)
      ), around) AS known,
      runs_of(e.correlation_id, e.trace_id) AS runs,
      notEmpty(around) ? around : beside.objects AS named,
      arrayFirst(r -> r != 0 AND r IN
      (
        SELECT run FROM run_lifecycles WHERE run IN (SELECT arrayJoin(runs_of(correlation_id, trace_id)) FROM span_error_rows)
      ), runs) AS led_by,
      multiIf(notEmpty(known), 'declared', led_by != 0 AND led_by = runs[1], 'correlation_id', 'trace') AS confidence,
      multiIf(notEmpty(known), arrayMap(k -> cityHash64(k), known), led_by != 0, [led_by], arrayMap(k -> cityHash64(k), named)) AS ties
    FROM (SELECT * FROM span_error_rows FINAL) AS e
    LEFT JOIN (SELECT trace_id AS up_trace_id, span_id AS up_span_id, object_keys AS up_keys, name AS up_name FROM span_error_rows FINAL) AS up
      ON up.up_trace_id = e.trace_id AND up.up_span_id = e.parent_span_id
    LEFT JOIN
    (
      SELECT substring(key, 8) AS beside_trace_id, groupUniqArrayArray(object_keys) AS objects
      FROM span_keys
      WHERE key IN (SELECT concat('trace::', trace_id) FROM span_error_rows)
      GROUP BY key
    ) AS beside ON beside.beside_trace_id = e.trace_id
  ),
  held AS
  (
    SELECT lifecycle_id, cityHash64(object_key) AS key, false AS is_run, '' AS milestone, false AS is_failure, '' AS reporter, toDateTime64(0, 3, 'UTC') AS occurred_at
    FROM lifecycle_object_rows FINAL
    WHERE object_key IN
    (
      SELECT arrayJoin(object_keys) FROM span_error_rows
      UNION DISTINCT
      SELECT arrayJoin(object_keys) FROM span_keys WHERE key IN (SELECT concat('trace::', trace_id) FROM span_error_rows)
    )
    UNION ALL
    SELECT lifecycle_id, cityHash64(subject_key), false, toString(milestone), false, toString(system), reached_at
    FROM milestone_rows FINAL
    WHERE outcome != 'failure' AND subject_key IN (SELECT arrayJoin(object_keys) FROM span_error_rows)
    UNION ALL
    SELECT lifecycle_id, arrayJoin(runs_of(correlation_id, trace_id)) AS key, true, toString(milestone), outcome = 'failure', toString(system), occurred_at
    FROM lifecycle_event_rows FINAL
    WHERE key != 0 AND key IN (SELECT arrayJoin(runs_of(correlation_id, trace_id)) FROM span_error_rows)
  ),
  attached AS
  (
    SELECT
      f.trace_id AS trace_id, f.span_id AS span_id, h.lifecycle_id AS lifecycle_id,
      any(f.started_at) AS at, any(f.system) AS system, any(f.service) AS service, any(f.name) AS span_name,
      any(f.message) AS status_message, any(f.exception_message) AS exception_message, any(f.error_type) AS own_type,
      any(f.exception_type) AS exception_type, any(f.http_status) AS own_status, any(f.rpc_status) AS rpc_status, any(f.told_category) AS told_category,
      any(f.correlation_id) AS correlation_id, any(f.around) AS object_keys, any(f.confidence) AS confidence,
      argMinIf(h.milestone, away_ms(h.occurred_at, f.started_at), h.is_run AND h.milestone != '' AND h.is_failure) AS refused,
      argMinIf(h.milestone, away_ms(h.occurred_at, f.started_at), h.is_run AND h.milestone != '' AND h.reporter = f.system) AS told,
      groupUniqArrayIf(h.milestone, NOT h.is_run AND h.milestone != '' AND h.occurred_at < f.started_at) AS reached,
      splitByNonAlpha(lower(any(concat(f.name, ' ', f.up_name)))) AS words,
      argMinIf(h.milestone, away_ms(h.occurred_at, f.started_at), h.is_run AND h.milestone != '') AS touched
    FROM (SELECT *, arrayJoin(arrayDistinct(arrayConcat(ties, runs))) AS key, has(ties, key) AS is_tie FROM failed) AS f
    INNER JOIN held AS h ON h.key = f.key
    GROUP BY trace_id, span_id, lifecycle_id
    HAVING max(f.is_tie)
  )
SELECT
  a.trace_id AS trace_id, a.span_id AS span_id, a.at AS at, a.system AS system, a.service AS service, a.span_name AS span_name,
  a.status_message != '' ? a.status_message : a.exception_message AS message,
  multiIf(has(categories, toString(a.told_category)), toString(a.told_category), found != '', found, 'other') AS error_category,
  a.own_type != '' ? a.own_type : a.exception_type AS error_type,
  a.own_status = '' AND match(a.own_type, '^[1-5][0-9][0-9]$') ? a.own_type : a.own_status AS http_status,
  a.lifecycle_id AS lifecycle_id,
  multiIf(own != '', own, beside != '', beside, a.touched) AS milestone,
  a.correlation_id AS correlation_id, a.object_keys AS object_keys, a.confidence AS confidence
FROM attached AS a
LEFT JOIN (SELECT lifecycle_id, journey, toString(billing_model) AS billing_model FROM lifecycle_rows FINAL) AS l ON l.lifecycle_id = a.lifecycle_id
LEFT JOIN
(
  SELECT journey, groupArray((toString(milestone), [toString(object_type), splitByChar('.', toString(event_type))[1]], systems, position, billing_models, is_optional)) AS steps
  FROM (SELECT * FROM journey_milestones FINAL ORDER BY journey, position)
  GROUP BY journey
) AS j ON j.journey = l.journey;

-- 0074_create_backlog_events.sql
-- The events that wait to be correlated when they are more than one step takes, by what they hang together with. Empty otherwise.
-- Grain: one event.
CREATE TABLE backlog_events ON CLUSTER `firm`
(
  label     UInt64 COMMENT 'the same for all that hangs together',
  segment    UInt64,
  is_new     Bool,
  event     UInt64,
  shape     UInt64,
  nodes     Array(UInt64),
  subject_key  String,
  source     LowCardinality(String),
  event_id    String,
  event_type   LowCardinality(String),
  system     LowCardinality(String),
  occurred_at  DateTime64(3, 'UTC'),
  outcome    LowCardinality(String),
  error_category LowCardinality(String),
  correlation_id String,
  trace_id    String,
  objects    Array(Tuple(object_type LowCardinality(String), system LowCardinality(String), id String, qualifier LowCardinality(String))),
  links     Array(Tuple(from_key String, to_key String, qualifier String)),
  lines     Array(Tuple(object_key String, amount Decimal(18, 2))),
  amount     Decimal(18, 2),
  currency    LowCardinality(String),
  client     LowCardinality(String),
  region     LowCardinality(String),
  legal_entity  LowCardinality(String),
  billing_model LowCardinality(String),
  owner     LowCardinality(String),
  attributes   Map(LowCardinality(String), String),
  takes_amount  Bool
)
ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
ORDER BY (label, segment);
