-- Question: which gap has an id? Parameters: gap:String. Grain: one row, or none.
SELECT source, stream, gap_id, reason, record, since, until, detail, noticed_at, resolved_at
FROM source_gap_rows FINAL
WHERE gap_id = {gap:String}
ORDER BY source, stream
LIMIT 1
