-- Fills span_links as spans are loaded: bare object ids take the span's system, full keys stay, an array names several.
CREATE MATERIALIZED VIEW span_links_from_spans {{on_cluster}} TO span_links AS
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
WHERE correlation_id != '' OR arrayExists(k -> startsWith(k, 'billtrail.object.'), mapKeys(SpanAttributes))
