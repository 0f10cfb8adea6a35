-- Fills span_links as spans are loaded: bare object ids take the span's system, full keys stay, an array names several.
CREATE MATERIALIZED VIEW span_links_from_spans TO span_links
(
    `correlation_id` String,
    `trace_id` String,
    `span_id` String,
    `started_at` DateTime64(3, 'UTC'),
    `service` LowCardinality(String),
    `name` LowCardinality(String),
    `system` LowCardinality(String),
    `object_keys` Array(String),
    `is_error` UInt8,
    `error_category` String,
    `segment` UInt64
)
AS WITH
    mapFilter((k, v) -> (startsWith(k, 'billtrail.object.') AND (v != '')), SpanAttributes) AS named
SELECT
    correlation_id,
    lower(hex(TraceId)) AS trace_id,
    lower(hex(SpanId)) AS span_id,
    toDateTime64(Timestamp, 3, 'UTC') AS started_at,
    ServiceName AS service,
    SpanName AS name,
    system,
    arrayDistinct(arrayFlatten(arrayMap((k, v) -> arrayMap(id -> if(length(splitByChar(':', id)) >= 3, id, concat(system, ':', substring(k, 18), ':', id)), if(startsWith(v, '['), JSONExtract(v, 'Array(String)'), [v])), mapKeys(named), mapValues(named)))) AS object_keys,
    StatusCode = 2 AS is_error,
    SpanAttributes['billtrail.error_category'] AS error_category,
    segment
FROM span_records
WHERE (correlation_id != '') OR arrayExists(k -> startsWith(k, 'billtrail.object.'), mapKeys(SpanAttributes))
