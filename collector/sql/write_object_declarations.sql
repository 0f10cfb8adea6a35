-- Writes the objects a segment declares, as far as they say something new. Parameters: segment:UInt64.
-- Grain: one declared object, the last declaration of it in the segment. Told again unchanged, nothing is written.
INSERT INTO object_declarations (source, object_key, declared_at, attributes, links, segment)
SETTINGS min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 10000000000, optimize_on_insert = 0
SELECT source, object_key, declared_at, attributes, links, {segment:UInt64}
FROM
(
    SELECT source, object_key, newest.1 AS declared_at, newest.2 AS attributes, newest.3 AS links
    FROM
    (
        SELECT source, object_key, argMax((declared_at, attributes, links), (frame, item)) AS newest
        FROM
        (
            SELECT frame, item, e.source AS source, concat(e.system, ':', e.type, ':', e.id) AS object_key,
                   ifNull(parseDateTime64BestEffortOrNull(e.time, 3, 'UTC'), received_at) AS declared_at,
                   mapSort(e.attributes) AS attributes,
                   arrayMap(r -> (object_key, concat(if(r.to.system != '', r.to.system, e.system), ':', r.to.type, ':',
                       r.to.id), r.qualifier), e.relations) AS links
            FROM
            (
                SELECT frame, item, received_at, JSONExtract(body, 'Tuple(source String, system String, type String,
                    id String, time String, attributes Map(String, String),
                    relations Array(Tuple(to Tuple(type String, system String, id String), qualifier String)))') AS e
                FROM raw_events
                WHERE segment = {segment:UInt64} AND record = 'object'
            )
            WHERE e.id != '' AND e.type != '' AND e.system != ''
        )
        GROUP BY source, object_key
    )
) AS told
WHERE (source, object_key, sipHash64(mapSort(attributes), links)) NOT IN
(
    SELECT source, object_key, sipHash64(mapSort(attributes), links)
    FROM object_declarations FINAL
    WHERE (source, object_key) IN
    (
        SELECT e.source, concat(e.system, ':', e.type, ':', e.id)
        FROM
        (
            SELECT JSONExtract(body, 'Tuple(source String, system String, type String, id String)') AS e
            FROM raw_events
            WHERE segment = {segment:UInt64} AND record = 'object'
        )
    )
)
