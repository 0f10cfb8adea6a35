-- Takes the bodies of a journal segment as they are. Parameters: segment:UInt64. Grain: one business record.
-- One block, so that a segment is taken wholly or not at all.
INSERT INTO raw_events (source, door, record, received_at, segment, frame, item, body)
SETTINGS max_partitions_per_insert_block = 0, min_insert_block_size_rows = 1000000000,
    min_insert_block_size_bytes = 10000000000
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
