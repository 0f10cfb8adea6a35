-- What came of a wish to rebuild a source. Parameters: wish_id:String. Grain: one, empty while it is not done.
SELECT details
FROM audit_log
WHERE action = 'rebuild' AND JSONExtractString(details, 'wish_id') = {wish_id:String}
ORDER BY at DESC
LIMIT 1
