-- Fills span_error_rows as spans are loaded.
CREATE MATERIALIZED VIEW span_errors_from_spans TO span_error_rows
(
    `trace_id` String,
    `span_id` String,
    `parent_span_id` String,
    `started_at` DateTime64(3, 'UTC'),
    `system` LowCardinality(String),
    `service` LowCardinality(String),
    `name` LowCardinality(String),
    `correlation_id` String,
    `object_keys` Array(String),
    `told_category` String,
    `error_type` String,
    `http_status` String,
    `rpc_status` String,
    `exception_type` String,
    `exception_message` String,
    `message` String,
    `segment` UInt64
)
AS WITH
    mapFilter((k, v) -> (startsWith(k, 'billtrail.object.') AND (v != '')), SpanAttributes) AS named,
    arrayLast((e, n) -> (n = 'exception'), `Events.Attributes`, `Events.Name`) AS exception
SELECT
    lower(hex(TraceId)) AS trace_id,
    lower(hex(SpanId)) AS span_id,
    if(ParentSpanId = unhex('0000000000000000'), '', lower(hex(ParentSpanId))) AS parent_span_id,
    toDateTime64(Timestamp, 3, 'UTC') AS started_at,
    system,
    ServiceName AS service,
    SpanName AS name,
    correlation_id,
    arrayDistinct(arrayFlatten(arrayMap((k, v) -> arrayMap(id -> if(length(splitByChar(':', id)) >= 3, id, concat(system, ':', substring(k, 18), ':', id)), if(startsWith(v, '['), JSONExtract(v, 'Array(String)'), [v])), mapKeys(named), mapValues(named)))) AS object_keys,
    SpanAttributes['billtrail.error_category'] AS told_category,
    SpanAttributes['error.type'] AS error_type,
    if((SpanAttributes['http.response.status_code']) != '', SpanAttributes['http.response.status_code'], SpanAttributes['http.status_code']) AS http_status,
    if((SpanAttributes['rpc.response.status_code']) != '', SpanAttributes['rpc.response.status_code'], SpanAttributes['rpc.grpc.status_code']) AS rpc_status,
    exception['exception.type'] AS exception_type,
    exception['exception.message'] AS exception_message,
    StatusMessage AS message,
    segment
FROM span_records
WHERE StatusCode = 2
