-- Question: which records of a stream are to be read again? Parameters: source:String, stream:String, limit:UInt32.
-- Grain: one open gap that is about one record.
SELECT source, stream, gap_id, reason, record, since, until, detail, noticed_at
FROM source_gap_rows FINAL
WHERE source = {source:String} AND stream = {stream:String} AND reason = 'record' AND isNull(resolved_at)
ORDER BY noticed_at, gap_id
LIMIT {limit:UInt32}
