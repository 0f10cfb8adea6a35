-- Question: what may sources have said that nobody heard? Grain: one gap, the open ones first, then the newest.
SELECT gap_id, source, stream, reason, record, since, until, noticed_at, resolved_at, detail
FROM source_gaps
ORDER BY isNull(resolved_at) DESC, noticed_at DESC, record
LIMIT 500
