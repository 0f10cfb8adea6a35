-- Question: what did the failed spans of these traces say?
-- Parameters: traces Array(String) hex, since and until DateTime64(3) around them. Grain: one span.
-- Cost: the days between, cut down by the bloom filter on the trace id.
SELECT
    Timestamp AS started_at, TraceId AS trace_id, SpanId AS span_id, ServiceName AS service, SpanName AS name,
    Duration / 1e6 AS duration_ms, StatusMessage AS message, SpanAttributes AS attributes,
    `Events.Attributes` AS event_attributes
FROM spans
WHERE TraceId IN {traces:Array(String)} AND StatusCode = 'Error'
    AND Timestamp BETWEEN {since:DateTime64(3, 'UTC')} AND {until:DateTime64(3, 'UTC')}
ORDER BY Timestamp
LIMIT 100
