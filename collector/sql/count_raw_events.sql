-- What a segment brought. Parameters: segment:UInt64. Grain: the records of one kind that are mapped alike; `source` is
-- empty but for what a vendor sent.
SELECT record, if(door IN ('webhook', 'pull', 'file', 'span'), toString(source), '') AS source, count() AS records
FROM raw_events
WHERE segment = {segment:UInt64}
GROUP BY record, source
ORDER BY record, source
