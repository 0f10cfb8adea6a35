-- Question: is a gap known? Parameters: source:String, stream:String, gap:String. Grain: one row, or none.
SELECT gap_id FROM source_gap_rows
WHERE source = {source:String} AND stream = {stream:String} AND gap_id = {gap:String}
LIMIT 1
