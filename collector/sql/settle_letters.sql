-- Notes that dead letters of a source are none any more, because its mapping uses them now. Parameters: name:String;
-- segment:UInt64, the rebuild's own, whose moment it is. Grain: one dead letter, in a newer version.
INSERT INTO dead_letter_rows (dead_letter_id, door, source, reason, detail, received_at, body, replayed_at, version)
SELECT d.dead_letter_id, d.door, d.source, d.reason, d.detail, d.received_at, d.body,
       fromUnixTimestamp64Milli(toInt64(intDiv({segment:UInt64}, 1000000)), 'UTC'), {segment:UInt64}
FROM dead_letter_rows AS d FINAL
WHERE d.source = {name:String} AND d.door IN ('webhook', 'pull', 'file', 'span') AND d.replayed_at IS NULL
  AND d.version < {segment:UInt64}
