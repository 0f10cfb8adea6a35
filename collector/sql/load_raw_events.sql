-- Takes the bodies of a journal segment as they are. Parameters: segment:UInt64. Grain: one business record.
INSERT INTO raw_events (source, door, record, received_at, segment, frame, item, body)
SETTINGS max_partitions_per_insert_block = 0
SELECT
    source,
    door,
    record,
    fromUnixTimestamp64Milli(intDiv(toInt64(received_at_ns), 1000000), 'UTC'),
    {segment:UInt64},
    number,
    toUInt32(place - 1),
    text
FROM {{segment}}
ARRAY JOIN body AS text, arrayEnumerate(body) AS place
