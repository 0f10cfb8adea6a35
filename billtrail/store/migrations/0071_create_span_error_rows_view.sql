-- Fills span_error_rows as spans are loaded.
CREATE MATERIALIZED VIEW span_errors_from_spans {{on_cluster}} TO span_error_rows AS
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
WHERE StatusCode = 2
