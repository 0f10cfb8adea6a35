-- Finds the spans of a segment that are messages of a source, and writes each as JSON. Grain: one span.
-- Parameters: having:Array(String), failed:Array(String), the attributes that make it one; `failed` counts for spans
-- with the status error. Values are texts, lists and key-value lists as JSON; rendered_values has to hold what `plain` does
-- not read. Spans without valid ids are no messages. Cost: one more pass over the segment; nothing is read of the spans that have none of the attributes.
INSERT INTO span_messages
WITH
    {{part any_value}}
    (SELECT groupArray(raw) FROM rendered_values) AS raws,
    (SELECT groupArray(text) FROM rendered_values) AS rendered,
    pairs -> mapFilter((k, v) -> v != '', CAST(
        (pairs.key, arrayMap((v, head) -> plain(v, head, transform(hex(v), raws, rendered, '')), pairs.value, heads(pairs))), 'Map(String, String)')) AS texts,
    ns -> concat(replaceOne(toString(fromUnixTimestamp64Milli(toInt64(intDiv(least(ns, 9223372036854775807), 1000000)), 'UTC')),
                            ' ', 'T'), 'Z') AS moment
SELECT toJSONString(CAST((
    lower(hex(span.trace_id)), lower(hex(span.span_id)), lower(hex(span.parent_span_id)), span.name,
    transform(span.kind, [1, 2, 3, 4, 5], ['internal', 'server', 'client', 'producer', 'consumer'], 'unspecified'),
    texts(resource_attributes)['service.name'], moment(span.start_time_unix_nano), moment(span.end_time_unix_nano),
    transform(span.status.code, [1, 2], ['ok', 'error'], 'unset'), span.status.message,
    texts(span.attributes), texts(resource_attributes)),
    'Tuple(traceId String, spanId String, parentSpanId String, name String, kind String, service String,
           startedAt String, endedAt String, status String, statusMessage String,
           attributes Map(String, String), resource Map(String, String))'))
FROM
(
    SELECT resourced.resource.attributes AS resource_attributes, arrayJoin(scoped.spans) AS span
    FROM
    (
        SELECT resourced, arrayJoin(resourced.scope_spans) AS scoped
        FROM (SELECT arrayJoin(resource_spans) AS resourced FROM {{segment}})
    )
)
WHERE length(span.trace_id) = 16 AND length(span.span_id) = 8
  AND (hasAny(arrayMap(p -> p.key, arrayConcat(span.attributes, resource_attributes)), {having:Array(String)})
       OR span.status.code = 2
          AND hasAny(arrayMap(p -> p.key, arrayConcat(span.attributes, resource_attributes)), {failed:Array(String)}))
